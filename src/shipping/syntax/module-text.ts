/**
 * What a module imports and exports, read from its text.
 *
 * es-module-lexer reads TypeScript as it is and says what is type-only, so
 * neither a parser nor type stripping is needed here.
 */
import type * as Lexer from "es-module-lexer";
import { server } from "#platform";
import { threadRegistry } from "../../base/registry.ts";

/** One imported name. `imported` is `"*"` for a namespace and for a CommonJS `require`. */
export interface ImportedName {
  readonly imported: string;
  readonly local: string;
}

/** One request for another module. */
export interface ModuleImport {
  readonly specifier: string;
  readonly names: readonly ImportedName[];
  /** Whether the module is there as soon as this one runs; `import()` may not have run yet. */
  readonly isStatic: boolean;
}

/** `export { imported as name } from "specifier"`; `name` is `"*"` for `export * from`. */
export interface Reexport {
  readonly name: string;
  readonly imported: string;
  readonly specifier: string;
}

export interface ModuleText {
  readonly source: string;
  readonly imports: readonly ModuleImport[];
  /** Exported name to the name of the variable in the module. */
  readonly exports: ReadonlyMap<string, string>;
  readonly reexports: readonly Reexport[];
  /** Whether it is an ES module, and not CommonJS. */
  readonly isModule: boolean;
}

/** The text of the module at `url`; undefined when it cannot be read. Remembered for each URL. */
export function sourceText(url: string): string | undefined {
  const sources = threadRegistry("sources@1", () => new Map<string, string | undefined>());
  if (!sources.has(url)) sources.set(url, server.readSource(url));
  return sources.get(url);
}

/** Reads the module at `url`; undefined when it cannot be read. Remembered for each URL. */
export function moduleText(url: string): ModuleText | undefined {
  const texts = threadRegistry("module-texts@1", () => new Map<string, ModuleText | undefined>());
  if (!texts.has(url)) {
    const source = sourceText(url);
    texts.set(url, source === undefined ? undefined : readModuleText(source, url));
  }
  return texts.get(url);
}

function readModuleText(source: string, url: string): ModuleText {
  const lexer = server.parser("es-module-lexer") as typeof Lexer;
  let lexed: ReturnType<typeof Lexer.parse>;
  try {
    lexed = lexer.parse(source, url);
  } catch {
    return { source, imports: [], exports: new Map(), reexports: [], isModule: true };
  }
  const [imports, exports, , isModule] = lexed;
  return {
    source,
    imports: [...importsOf(source, imports), ...(isModule ? [] : requiresOf(source))],
    exports: isModule ? exportsOf(exports) : commonJsExportsOf(source),
    reexports: [...reexportsOf(exports)],
    isModule,
  };
}

function* importsOf(source: string, imports: readonly Lexer.Import[]): Generator<ModuleImport> {
  for (const found of imports) {
    if (found.type === "dynamic") {
      if (found.specifier === undefined || found.glob || found.probablyTypeOnly) continue;
      yield { specifier: found.specifier, names: [], isStatic: false };
    } else if (found.type !== "import-meta" && !found.typeOnly) {
      const clause = source.slice(found.importStart, found.start);
      yield { specifier: found.specifier, names: [...clauseNames(clause)], isStatic: true };
    }
  }
}

const SPACE = /(?:\s|\/\/.*|\/\*[^]*?\*\/)*/y;
const IMPORT =
  /import\s+(type\s+(?!from\b|,))?(?:[\w$*{},\s]+?\bfrom\s*)?(["'])([^"'\n\\]+)\2\s*;?/y;

/**
 * The imports at the top of a module, as far as they are written as usual: most modules begin
 * with all of theirs. Where the lexer would have to be loaded, this is 5 ms quicker.
 */
export function* firstImports(source: string): Generator<ModuleImport> {
  let at = /^#!.*/.exec(source)?.[0].length ?? 0;
  for (;;) {
    SPACE.lastIndex = at;
    at += SPACE.exec(source)?.[0].length ?? 0;
    IMPORT.lastIndex = at;
    const found = IMPORT.exec(source);
    if (found === null) return;
    const [statement, type, , specifier = ""] = found;
    at += statement.length;
    if (type === undefined) yield { specifier, names: [...clauseNames(statement)], isStatic: true };
  }
}

/** The names in `import a, { b as c, type D } from`. */
function* clauseNames(clause: string): Generator<ImportedName> {
  const text = clause.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, " ");
  if (!text.startsWith("import")) return; // a re-export, which binds nothing here
  const namespace = /\*\s*as\s+([\w$]+)/.exec(text)?.[1];
  if (namespace !== undefined) yield { imported: "*", local: namespace };
  const standard = /^import\s+([\w$]+)\s*(?:,|\bfrom\b)/.exec(text)?.[1];
  if (standard !== undefined) yield { imported: "default", local: standard };
  const named = /\{([^}]*)\}/.exec(text)?.[1];
  if (named !== undefined) yield* bindingNames(named, /\s+as\s+/);
}

/** The names in `a, b as c` or, for `require`, in `a, b: c`. */
function* bindingNames(list: string, separator: RegExp): Generator<ImportedName> {
  for (const binding of list.split(",")) {
    const [imported, local = imported] = binding.trim().split(separator);
    if (!imported || !local || /^type\s+(?!as\b)/.test(binding.trim())) continue;
    yield { imported, local };
  }
}

/** The `require` calls of a CommonJS module. */
function* requiresOf(source: string): Generator<ModuleImport> {
  const pattern =
    /(?:\b(?:const|let|var)\s+(?:([\w$]+)|\{([^}]*)\})\s*=\s*)?\brequire\(\s*(["'])([^"'\n]+)\3\s*\)/g;
  for (const [, whole, named, , specifier = ""] of source.matchAll(pattern)) {
    const names = named === undefined ? [] : [...bindingNames(named, /\s*:\s*/)];
    if (whole !== undefined) names.push({ imported: "*", local: whole });
    yield { specifier, names, isStatic: true };
  }
}

function exportsOf(exports: readonly Lexer.Export[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const found of exports) {
    if (found.type === "direct" && !found.typeOnly) {
      names.set(found.name, found.localName ?? found.name);
    }
  }
  return names;
}

/** `exports.name =`, `module.exports.name =` and `module.exports = { name }`, which is all that is common. */
function commonJsExportsOf(source: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const [, name = ""] of source.matchAll(/\bexports\.([\w$]+)\s*=(?!=)/g))
    names.set(name, name);
  const list = /\bmodule\.exports\s*=\s*\{([^}]*)\}/.exec(source)?.[1] ?? "";
  for (const { imported, local } of bindingNames(list, /\s*:\s*/)) names.set(imported, local);
  const whole = /\bmodule\.exports\s*=\s*(?:async\s+)?(?:function\s*\*?\s*)?([\w$]+)/.exec(
    source,
  )?.[1];
  if (whole !== undefined) names.set("default", whole);
  return names;
}

function* reexportsOf(exports: readonly Lexer.Export[]): Generator<Reexport> {
  for (const found of exports) {
    if (found.type === "direct" || found.typeOnly) continue;
    if (found.type === "reexport-all") yield { name: "*", imported: "*", specifier: found.from };
    else yield { name: found.name, imported: found.importName ?? "*", specifier: found.from };
  }
}

/** The URL of what a module requests; undefined if there is no such module. Remembered, as the runtime does. */
export function resolvedFrom(from: string, specifier: string): string | undefined {
  const urls = threadRegistry("resolved@1", () => new Map<string, string | undefined>());
  const key = `${specifier} ${from}`;
  if (!urls.has(key)) urls.set(key, resolve(from, specifier));
  return urls.get(key);
}

function resolve(from: string, specifier: string): string | undefined {
  const isImport = !isLocal(specifier) && (moduleText(from)?.isModule ?? true);
  try {
    // A file that is imported with another query is another module.
    const query = /^[./][^?]*(\?.*)/.exec(specifier)?.[1] ?? "";
    return server.resolveModule(from, specifier, isImport) + query;
  } catch {
    return undefined;
  }
}

/** Whether `specifier` names a file of the program rather than a package. */
export function isLocal(specifier: string): boolean {
  return /^(?:\.{0,2}\/|file:|#)/.test(specifier);
}

/** Modules that are followed to the entry. */
const MOST_MODULES = 300;

/** Whether the module at `url` imports the program's entry, directly or not, at the top of its text. */
export function importsEntry(url: string): boolean {
  const entry = server.entryUrl();
  if (entry === undefined || url === entry || !url.startsWith("file:")) return false;
  const visited = new Set([url]);
  for (const from of visited) {
    for (const { specifier } of firstImports(sourceText(from) ?? "")) {
      const next = isLocal(specifier) ? resolvedFrom(from, specifier) : undefined;
      if (next === entry) return true;
      if (next !== undefined && visited.size < MOST_MODULES) visited.add(next);
    }
  }
  return false;
}
