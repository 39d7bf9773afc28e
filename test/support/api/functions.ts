/** Where users give heddle functions, according to the reports of its public names in `api/`. */
import {
  type Declaration,
  balanced,
  declarations,
  declarationsOfModule,
  genericsOf,
  membersOf,
  parametersOf,
  split,
} from "./report.ts";

/**
 * Each parameter and option of a function type, as `module Class.method(parameter)` or
 * `module Options.option`, sorted.
 */
export function functionPlaces(): string[] {
  const places = new Set<string>();
  for (const declaration of declarations()) {
    const { module } = declaration;
    const inModule = declarationsOfModule(module);
    const aliases = functionAliases(inModule);
    definitions = new Map(inModule.map((other) => [other.name, definitionOf(other)]));
    for (const place of placesIn(declaration, aliases)) places.add(`${module} ${place}`);
  }
  return [...places].toSorted();
}

/** By name, of the module that is being read. */
let definitions: ReadonlyMap<string, string> = new Map();

function definitionOf({ kind, text }: Declaration): string {
  return kind === "type" ? text.slice(text.indexOf("=") + 1).trim() : "";
}

/** The types that are functions, or may be: not those that are computed from others. */
function functionAliases(inModule: readonly Declaration[]): ReadonlySet<string> {
  const aliases = new Set(["Function"]);
  const types = inModule.filter(({ kind, text }) => kind === "type" && !/ \? /.test(text));
  for (let before = -1; before !== aliases.size;) {
    before = aliases.size;
    for (const { name, text } of types) {
      const definition = text.slice(text.indexOf("=") + 1);
      if (isFunctionType(definition, aliases)) aliases.add(name);
    }
  }
  return aliases;
}

function isFunctionType(given: string, aliases: ReadonlySet<string>): boolean {
  const type = given.replaceAll(/\bParameters<\w+>/g, "");
  if (type.includes("=>")) return true;
  return [...type.matchAll(/\w+/g)].some(([word]) => aliases.has(word));
}

function* placesIn(declaration: Declaration, aliases: ReadonlySet<string>): Generator<string> {
  const { kind, name, text } = declaration;
  if (kind === "function")
    yield* functionsIn(name, text.slice(text.indexOf(name) + name.length), aliases);
  if (kind === "const" && text.includes("("))
    yield* functionsIn(name, text.slice(text.indexOf(":")), aliases);
  if (kind !== "class" && kind !== "interface") return;
  const head = text.slice(0, text.indexOf("{"));
  const known = withGenerics(aliases, head.includes("<") ? balanced(head, "<", ">") : "");
  for (const member of membersOf(text)) {
    const property = /^(?:readonly )?(\w+)\??: ([^]*);$/.exec(member);
    const method = /^(?:static |override |protected )*(\w+|\[[\w.]+\])(?=[<(])/.exec(member);
    if (method?.[1] !== undefined) {
      yield* functionsIn(`${name}.${method[1]}`, member.slice(method[0].length), known);
    } else if (property !== null) {
      const [, option = "", type = ""] = property;
      // A method by another name takes functions; an option is one.
      const definition = definitions.get(/^\w+/.exec(type)?.[0] ?? "") ?? "";
      const taken = /^[<(]/.test(definition)
        ? [...functionsIn(`${name}.${option}`, definition, known)]
        : [];
      if (taken.length > 0) yield* taken;
      else if (kind === "interface" && isFunctionType(type, known)) yield `${name}.${option}`;
    }
  }
}

function* functionsIn(
  of: string,
  signature: string,
  aliases: ReadonlySet<string>,
): Generator<string> {
  const own = withGenerics(aliases, genericsOf(signature));
  for (const { name, type } of parametersOf(signature))
    if (isFunctionType(type, own)) yield `${of}(${name})`;
}

/** The type parameters that stand for functions, besides. */
function withGenerics(aliases: ReadonlySet<string>, generics: string): ReadonlySet<string> {
  const all = new Set(aliases);
  for (const generic of split(generics)) {
    const [, name = "", constraint = ""] = /^(?:const )?(\w+) extends ([^]*)/.exec(generic) ?? [];
    if (isFunctionType(constraint, aliases)) all.add(name);
  }
  return all;
}
