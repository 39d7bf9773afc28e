/** Where users give heddle functions, according to the reports of its public names in `api/`. */
import { pathToFileURL } from "node:url";
import { readdirSync, readFileSync } from "node:fs";

/** The folder of the repository: tests that are compiled run with the repository as theirs. */
const REPORTS = new URL("api/", pathToFileURL(`${process.cwd()}/`));

/** One public declaration, or one that a public one refers to. */
interface Declaration {
  readonly module: string;
  readonly isExported: boolean;
  readonly kind: string;
  readonly name: string;
  readonly text: string;
}

/**
 * Each parameter and option of a function type, as `module Class.method(parameter)` or
 * `module Options.option`, sorted.
 */
export function functionPlaces(): string[] {
  const declarations = readdirSync(REPORTS)
    .filter((file) => file.endsWith(".api.md"))
    .flatMap((file) => declarationsOf(file));
  const homes = new Map<string, string>();
  for (const { isExported, module, name } of declarations)
    if (isExported && !homes.has(name)) homes.set(name, module);
  const places = new Set<string>();
  for (const declaration of declarations) {
    const { isExported, module, name } = declaration;
    // What one module's report repeats of another's.
    const home = homes.get(name.replace(/_\d+$/, ""));
    if (!isExported && home !== undefined) continue;
    const inModule = declarations.filter((other) => other.module === module);
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

function declarationsOf(file: string): Declaration[] {
  const module = file.replace(/^heddle\.?|\.?api\.md$/g, "") || "heddle";
  const report = readFileSync(new URL(file, REPORTS), "utf8");
  const [, code = ""] = /```ts\n([^]*?)```/.exec(report) ?? [];
  const starts =
    /^(export )?(?:declare )?(?:abstract )?(class|interface|type|function|const|let) (\w+)/gm;
  const found = [...code.matchAll(starts)];
  return found.map((match, index) => {
    const [, exported, kind = "", name = ""] = match;
    const text = code.slice(match.index, found[index + 1]?.index).replaceAll(/\/\/.*$/gm, "");
    return { module, isExported: exported !== undefined, kind, name, text };
  });
}

/** The types that are functions, or may be: not those that are computed from others. */
function functionAliases(declarations: readonly Declaration[]): ReadonlySet<string> {
  const aliases = new Set(["Function"]);
  const types = declarations.filter(({ kind, text }) => kind === "type" && !/ \? /.test(text));
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
    yield* parametersIn(name, text.slice(text.indexOf(name) + name.length), aliases);
  if (kind === "const" && text.includes("("))
    yield* parametersIn(name, text.slice(text.indexOf(":")), aliases);
  if (kind !== "class" && kind !== "interface") return;
  const head = text.slice(0, text.indexOf("{"));
  const known = withGenerics(aliases, head.includes("<") ? balanced(head, "<", ">") : "");
  for (const member of membersOf(text)) {
    const property = /^(?:readonly )?(\w+)\??: ([^]*);$/.exec(member);
    const method = /^(?:static |override |protected )*(\w+|\[[\w.]+\])(?=[<(])/.exec(member);
    if (method?.[1] !== undefined) {
      yield* parametersIn(`${name}.${method[1]}`, member.slice(method[0].length), known);
    } else if (property !== null) {
      const [, option = "", type = ""] = property;
      // A method by another name takes functions; an option is one.
      const definition = definitions.get(/^\w+/.exec(type)?.[0] ?? "") ?? "";
      const taken = /^[<(]/.test(definition)
        ? [...parametersIn(`${name}.${option}`, definition, known)]
        : [];
      if (taken.length > 0) yield* taken;
      else if (kind === "interface" && isFunctionType(type, known)) yield `${name}.${option}`;
    }
  }
}

/** The members of a class or interface, one a line, but for types that go over several. */
function membersOf(text: string): string[] {
  return text
    .slice(text.indexOf("{") + 1)
    .split(/\n {4}(?=\S)/)
    .map((member) => member.replace(/\n}\s*$/, "").trim());
}

/** @param signature From the type parameters or the parenthesis on. */
function* parametersIn(
  of: string,
  signature: string,
  aliases: ReadonlySet<string>,
): Generator<string> {
  const generics = signature.trimStart().startsWith("<") ? balanced(signature, "<", ">") : "";
  const own = withGenerics(aliases, generics);
  const after = signature.slice(signature.indexOf(generics) + generics.length);
  for (const parameter of split(balanced(after, "(", ")"))) {
    const [, name = "", type = ""] = /^(?:\.\.\.)?(\w+)\??: ([^]*)/.exec(parameter) ?? [];
    if (isFunctionType(type, own)) yield `${of}(${name})`;
  }
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

/** What is between the first bracket and the one that closes it. */
function balanced(text: string, open: string, close: string): string {
  const start = text.indexOf(open);
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === open) depth++;
    else if (text[i] === close && text[i - 1] !== "=" && --depth === 0)
      return text.slice(start + 1, i);
  }
  return "";
}

/** Splits at the commas that are in no bracket. */
function split(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < list.length; i++) {
    const sign = list[i] as string;
    if ("<({[".includes(sign)) depth++;
    else if (">)}]".includes(sign) && list[i - 1] !== "=") depth--;
    else if (sign === "," && depth === 0) {
      parts.push(list.slice(from, i).trim());
      from = i + 1;
    }
  }
  return [...parts, list.slice(from).trim()].filter((part) => part !== "");
}
