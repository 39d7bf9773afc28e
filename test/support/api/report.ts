/** The reports of heddle's public names in `api/`, read. */
import { readdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** The folder of the repository: tests that are compiled run with the repository as theirs. */
const REPORTS = new URL("api/", pathToFileURL(`${process.cwd()}/`));

/** One public declaration, or one that a public one refers to. */
export interface Declaration {
  readonly module: string;
  readonly isExported: boolean;
  readonly kind: string;
  readonly name: string;
  readonly text: string;
}

/** A parameter of a function, method or constructor. */
export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  readonly isRest: boolean;
}

/** What is declared by all reports, except for what one module's repeats of another's. */
export function declarations(): Declaration[] {
  const all = readdirSync(REPORTS)
    .filter((file) => file.endsWith(".api.md"))
    .toSorted()
    .flatMap((file) => declarationsOf(file));
  const homes = new Map<string, string>();
  for (const { isExported, module, name } of all)
    if (isExported && !homes.has(name)) homes.set(name, module);
  const others = new Set(all.filter(({ module }) => module !== ALIASES).map(bodyOf));
  return all.filter((declaration) => {
    const { isExported, module, name } = declaration;
    if (module === ALIASES && others.has(bodyOf(declaration))) return false;
    return isExported || !homes.has(name.replace(/_\d+$/, ""));
  });
}

/** Has the classes of other modules, some by another name. */
const ALIASES = "multiprocessing.dummy";

/** What a declaration is, whatever its name. */
function bodyOf({ kind, text }: Declaration): string {
  const body = kind === "class" || kind === "interface" ? /\{[^]*/.exec(text) : /[=(][^]*/.exec(text);
  return `${kind} ${body?.[0].replaceAll(/_\d+\b/g, "").trim() ?? text}`;
}

/** What the report of a module declares, with what it repeats of others. */
export function declarationsOfModule(module: string): Declaration[] {
  return declarationsOf(module === "heddle" ? "heddle.api.md" : `heddle.${module}.api.md`);
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

/** The members of a class or interface, one a line, but for types that go over several. */
export function membersOf(text: string): string[] {
  return text
    .slice(text.indexOf("{") + 1)
    .split(/\n {4}(?=[^\s})])/)
    .map((member) => member.replace(/\n}\s*$/, "").trim());
}

/** The type parameters of a signature that begins with them. */
export function genericsOf(signature: string): string {
  return signature.trimStart().startsWith("<") ? balanced(signature, "<", ">") : "";
}

/** @param signature From the type parameters or the parenthesis on. */
export function parametersOf(signature: string): Parameter[] {
  const generics = genericsOf(signature);
  const after = signature.slice(signature.indexOf(generics) + generics.length);
  return split(balanced(after, "(", ")")).map((parameter) => {
    const [, rest, name = "", optional, type = ""] =
      /^(\.\.\.)?(\w+)(\?)?: ([^]*)/.exec(parameter) ?? [];
    return { name, type, isOptional: optional !== undefined, isRest: rest !== undefined };
  });
}

/** What is between the first bracket and the one that closes it. */
export function balanced(text: string, open: string, close: string): string {
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
export function split(list: string): string[] {
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
