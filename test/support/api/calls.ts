/** What users can call, according to the reports of heddle's public names in `api/`. */
import {
  type Declaration,
  type Parameter,
  balanced,
  declarations,
  declarationsOfModule,
  membersOf,
  parametersOf,
} from "./report.ts";

/** An option, as `key` of the options that a parameter takes. */
export interface OptionKey {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
}

export interface CallParameter extends Parameter {
  /** Those of an options object; empty for any other parameter. */
  readonly keys: readonly OptionKey[];
}

export interface Callable {
  /** `threading Lock.acquire`; a setter ends in `=`. */
  readonly place: string;
  readonly module: string;
  /** The class; undefined for a function of the module. */
  readonly owner: string | undefined;
  readonly member: string;
  readonly parameters: readonly CallParameter[];
}

/** Every public function, constructor, method and setter that takes something, with what it inherits. */
export function callables(): Callable[] {
  const found = new Map<string, Callable>();
  const add = (callable: Callable): void => {
    const before = found.get(callable.place);
    // Of overloads, the one that takes most.
    if (callable.parameters.length > (before?.parameters.length ?? 0))
      found.set(callable.place, callable);
  };
  for (const declaration of declarations()) {
    const { module, kind, text, isExported } = declaration;
    const name = declaration.name.replace(/_\d+$/, "");
    const inModule = declarationsOfModule(module);
    const of = (owner: string | undefined, member: string, signature: string): void =>
      add({
        place: `${module} ${owner === undefined ? "" : `${owner}.`}${member}`,
        module,
        owner,
        member,
        parameters: parametersOf(signature).map((parameter) => ({
          ...parameter,
          keys: keysOf(parameter, inModule),
        })),
      });
    if (kind === "function")
      of(undefined, name, text.slice(text.indexOf(declaration.name) + name.length));
    if (kind === "const" && text.includes("new "))
      of(name, "constructor", text.slice(text.indexOf("new ") + "new ".length));
    const isAbstract = new RegExp(`abstract class ${name}\\b`).test(text) || name === "Acquirable";
    if (kind !== "class" || isAbstract || !(isExported || isNamed(declaration, inModule))) continue;
    for (const [member, signature] of methodsOf(declaration, inModule)) of(name, member, signature);
  }
  return [...found.values()].toSorted((a, b) => (a.place < b.place ? -1 : 1));
}

/** Whether it is exported by another name: `export { Event_2 as Event }`. */
function isNamed({ name }: Declaration, inModule: readonly Declaration[]): boolean {
  return inModule.some(({ text }) => new RegExp(`export \\{[^}]*\\b${name} as \\w+`).test(text));
}

/** The methods of a class, its own before those of its parent, as name and signature. */
function methodsOf(
  { text }: Declaration,
  inModule: readonly Declaration[],
): [member: string, signature: string][] {
  const own: [string, string][] = [];
  const signature = /^(?:static |override )*(set )?(?!get )(\w+|\[[\w.]+\])(?=[<(])/;
  for (const member of membersOf(text)) {
    const [matched = "", setter, method] = signature.exec(member) ?? [];
    if (method !== undefined)
      own.push([setter === undefined ? method : `${method}=`, member.slice(matched.length)]);
    // `catch: Catch<T>`, which is declared as a function's type; a number that may be written.
    const [, property = "", alias] = /^readonly (\w+): (\w+)<[^]*>;$/.exec(member) ?? [];
    const definition = inModule.find(({ kind, name }) => kind === "type" && name === alias);
    const [, type = ""] = /^type \w+(?:<\w+>)? = ([<(][^]*)/.exec(definition?.text ?? "") ?? [];
    if (type.includes("=>")) own.push([property, type]);
    const [, written, of] = /^(?!name\b)(\w+): (\w+);$/.exec(member) ?? [];
    if (written !== undefined) own.push([`${written}=`, `(value: ${of})`]);
  }
  const [, parent] = / extends (\w+)/.exec(text.slice(0, text.indexOf("{"))) ?? [];
  const declared = inModule.find(({ kind, name }) => kind === "class" && name === parent);
  const names = new Set(own.map(([name]) => name));
  const inherited = declared === undefined ? [] : methodsOf(declared, inModule);
  return [...own, ...inherited.filter(([name]) => !names.has(name))];
}

/** The keys of an options object. */
function keysOf({ name, type }: Parameter, inModule: readonly Declaration[]): OptionKey[] {
  if (!/^_?(options|parts|tls)$/.test(name)) return [];
  const keys = new Map(keysIn(type, inModule).map((key) => [key.name, key]));
  return [...keys.values()];
}

function keysIn(type: string, inModule: readonly Declaration[]): OptionKey[] {
  const inline = type.includes("{") ? propertiesOf(balanced(type, "{", "}")) : [];
  const named = [...type.replace(/\{[^]*\}/, "").matchAll(/\w*(?:Options|Parts)(?:_\d+)?\b/g)];
  return [
    ...inline,
    ...named.flatMap(([name]) => {
      if (name === "ErrorOptions") return [{ name: "cause", type: "unknown", isOptional: true }];
      const declared = inModule.find((other) => other.name === name);
      if (declared === undefined) return [];
      const { kind, text } = declared;
      if (kind === "type") return keysIn(text.slice(text.indexOf("=") + 1), inModule);
      const head = text.slice(0, text.indexOf("{"));
      const parent = head.includes(" extends ") ? head.slice(head.lastIndexOf(" extends ")) : "";
      return [...propertiesOf(text.slice(text.indexOf("{") + 1)), ...keysIn(parent, inModule)];
    }),
  ];
}

function propertiesOf(text: string): OptionKey[] {
  return [...text.matchAll(/^\s*(?:readonly )?(\w+)(\?)?: ([^]*?);$/gm)].map(
    ([, name = "", optional, type = ""]) => ({ name, type, isOptional: optional !== undefined }),
  );
}
