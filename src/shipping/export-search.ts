/**
 * Finds the export that is a given function.
 *
 * Nothing in JavaScript leads from a function to its module. But whoever submits
 * a function that another module exports has imported it, so the search starts at
 * the modules on the stack, reads their imports, and compares identities. Loading
 * a module that is already loaded gives the same namespace, synchronously.
 *
 * Breadth first. Imports that bear the function's name come first, since loading
 * has an effect when a compiler had elided the import: packages and `import()`s
 * are loaded only for their name's sake.
 *
 * A module that is still being evaluated, such as the program's entry, cannot be
 * compared. If its text exports the name, that is a find too, an unverified one.
 */
import { server } from "#platform";
import { exportNamed, exportNameOf, functionsOf } from "./export-name.ts";
import { importModule } from "./import-module.ts";
import { isEntryLoaded } from "./main-module.ts";
import {
  firstImports,
  isLocal,
  type ModuleImport,
  moduleText,
  resolvedFrom,
  sourceText,
} from "./syntax/module-text.ts";

/** Where a function is exported. */
export interface FoundExport {
  readonly url: string;
  readonly exportName: string;
  /** False when only the names agree: the module could not be compared. */
  readonly isVerified: boolean;
}

const MAX_DEPTH = 4;
const MAX_MODULES = 300;

/** How long an `import()` of a module may take. One that takes longer is being evaluated itself. */
const IMPORT_TIMEOUT_MS = 1000;

/** Namespaces of modules, which stay the same objects. */
const loaded = new Map<string, Record<string, unknown>>();

/** The functions in them, so that one of many closures need not be looked for in all modules. */
const exportsKnown = new WeakMap<Function, FoundExport>();
/** Those whose functions have yet to be noted. */
const unread = new Map<string, Record<string, unknown>>();

/** The export that the function is, of those modules that have been looked into. */
export function knownExport(fn: Function): FoundExport | undefined {
  for (const [url, namespace] of unread) {
    for (const [exportName, each] of functionsOf(namespace)) {
      if (!exportsKnown.has(each)) exportsKnown.set(each, { url, exportName, isVerified: true });
    }
    unread.delete(url);
  }
  const found = exportsKnown.get(fn);
  if (found === undefined || found.url === server.entryUrl()) return undefined;
  const namespace = loaded.get(found.url);
  return namespace && exportNamed(namespace, found.exportName) === fn
    ? definitionOf(found, fn)
    : undefined;
}

/** One search, from the modules `callers` and the program's entry. */
export class ExportSearch {
  readonly #fn: Function;
  readonly callers: readonly string[];
  /** Whether it has no name, and its text is in one of these. */
  readonly #isWritten: boolean;
  readonly #visited = new Set<string>();
  readonly #unloadable = new Set<string>();

  constructor(fn: Function, callers: readonly string[]) {
    this.#fn = fn;
    const entry = isEntryLoaded() ? server.entryUrl() : undefined;
    this.callers = entry === undefined || callers.includes(entry) ? callers : [...callers, entry];
    this.#isWritten =
      fn.name === "" && callers.some((url) => sourceText(url)?.includes(String(fn)) === true);
  }

  /** Searches what can be loaded synchronously. */
  find(): FoundExport | undefined {
    return this.findFar(this.findNear());
  }

  /** Looks where the export most likely is, which takes little time: a program may have many modules. */
  findNear(): FoundExport | undefined {
    const own = this.#amongOwn();
    return own?.isVerified ? own : (this.#amongFirstImports() ?? own);
  }

  /** @param near What {@link findNear} has found. */
  findFar(near: FoundExport | undefined): FoundExport | undefined {
    if (near?.isVerified) return near;
    return this.#amongImports(near === undefined ? MAX_DEPTH : 1) ?? near;
  }

  /** Whether {@link findLater} could find what {@link find} did not. */
  get hasMore(): boolean {
    return this.#unloadable.size > 0;
  }

  /** Searches the modules that only `import()` can load, because they await at their top level. */
  async findLater(): Promise<FoundExport | undefined> {
    for (const url of this.#unloadable) {
      const namespace = await importIfEvaluated(url);
      const exportName = namespace && exportNameOf(namespace, this.#fn);
      if (exportName !== undefined) return { url, exportName, isVerified: true };
    }
    return undefined;
  }

  /** The function may be exported by the very module that submits it. */
  #amongOwn(): FoundExport | undefined {
    for (const url of this.callers) {
      const named = namedExport(url, this.#fn);
      if (named === undefined) continue;
      const namespace = this.load(url, url, url);
      const exportName = namespace && exportNameOf(namespace, this.#fn);
      if (exportName !== undefined) return { url, exportName, isVerified: true };
      // An export that is another function settles it; one that is not there yet does not.
      const present = namespace && exportNamed(namespace, named.exportName);
      if (present === undefined) return named;
    }
    return undefined;
  }

  /** The usual case: a module that submits a function imports it by name, at its top. */
  #amongFirstImports(): FoundExport | undefined {
    if (this.#fn.name === "") return undefined; // none is likely
    for (const from of this.callers) {
      const source = sourceText(from) ?? "";
      for (const request of firstImports(source)) {
        if (!isLikely(request, this.#fn.name, source)) continue;
        const url = resolvedFrom(from, request.specifier);
        const namespace = url && this.load(from, request.specifier, url);
        const exportName = namespace && exportNameOf(namespace, this.#fn);
        if (url !== undefined && exportName) {
          return definitionOf({ url, exportName, isVerified: true }, this.#fn);
        }
      }
    }
    return undefined;
  }

  #amongImports(maxDepth: number): FoundExport | undefined {
    let level: readonly string[] = this.callers;
    for (const url of level) this.#visited.add(url);
    for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
      const next: string[] = [];
      for (const [from, { specifier }] of this.#candidates(level)) {
        const url = resolvedFrom(from, specifier);
        if (url === undefined || this.#visited.has(url)) continue;
        if (this.#visited.size >= MAX_MODULES) return undefined;
        this.#visited.add(url);
        const namespace = this.load(from, specifier, url);
        const exportName = namespace && exportNameOf(namespace, this.#fn);
        if (exportName !== undefined) {
          return definitionOf({ url, exportName, isVerified: true }, this.#fn);
        }
        if (isLocal(specifier)) next.push(url);
      }
      level = next;
    }
    return undefined;
  }

  /** The imports of `modules` that are worth loading, likely ones first. */
  #candidates(modules: readonly string[]): (readonly [from: string, request: ModuleImport])[] {
    const likely: [string, ModuleImport][] = [];
    const others: [string, ModuleImport][] = [];
    for (const from of modules) {
      const text = moduleText(from);
      for (const request of text?.imports ?? []) {
        if (isLikely(request, this.#fn.name, text?.source ?? "")) likely.push([from, request]);
        else if (request.isStatic && this.#mayBeIn(request)) others.push([from, request]);
      }
    }
    return [...likely, ...others];
  }

  /** Whether it may have the function under another name, and loading it does no harm. */
  #mayBeIn({ specifier }: ModuleImport): boolean {
    if (isLocal(specifier)) return true;
    // What has no name, and is written in the program, is not a function of the runtime's.
    return !this.#isWritten && server.isBuiltinModule(specifier);
  }

  load(from: string, specifier: string, url: string): Record<string, unknown> | undefined {
    const known = loaded.get(url);
    if (known !== undefined) return known;
    // A worker must not evaluate the entry only to look into it.
    if (url === server.entryUrl() && !isEntryLoaded()) return undefined;
    try {
      if (/[?#]/.test(url))
        throw new TypeError("require() would give the module without its query");
      // By its URL, since `require` may lead to another file of the package.
      const namespace = server.requireModule(from, isHarmless(specifier) ? specifier : url);
      // What a CommonJS module exports may become another object.
      if (server.isBuiltinModule(url)) loaded.set(url, namespace);
      else if (Object.prototype.toString.call(namespace) === "[object Module]") {
        loaded.set(url, namespace);
        unread.set(url, namespace);
      }
      return namespace;
    } catch {
      if (url !== server.entryUrl() && mayExport(url, this.#fn)) this.#unloadable.add(url);
      return undefined;
    }
  }
}

/**
 * Searches the packages that the modules import, and those that these import, and so on, whatever
 * names they give the function.
 *
 * @param isUsed Whether a module uses what it imports: it has then been loaded, as a type is not.
 */
export function findInPackages(
  search: ExportSearch,
  fn: Function,
  isUsed: (request: ModuleImport, from: string) => boolean,
): FoundExport | undefined {
  const modules = new Set(search.callers);
  const packages = new Set<string>();
  for (const from of modules) {
    for (const request of moduleText(from)?.imports ?? []) {
      const { specifier, isStatic } = request;
      const url = isStatic ? resolvedFrom(from, specifier) : undefined;
      if (url === undefined || server.isBuiltinModule(specifier)) continue;
      if (isLocal(specifier)) {
        if (modules.size < MAX_MODULES) modules.add(url);
        continue;
      }
      if (packages.has(url) || !isUsed(request, from)) continue;
      packages.add(url);
      const namespace = search.load(from, specifier, url);
      const exportName = namespace && exportNameOf(namespace, fn);
      if (exportName !== undefined) return { url, exportName, isVerified: true };
    }
  }
  return undefined;
}

/** How a re-export begins; a text without it need not be read as a module, which takes 5 ms the first time. */
const REEXPORT = /\bexport\s*(?:[*{]|\/[*/])/;

/** Files were loaded with their importer, and the runtime's own modules have no effect on loading. */
function isHarmless(specifier: string): boolean {
  return isLocal(specifier) || server.isBuiltinModule(specifier);
}

function isLikely(request: ModuleImport, name: string, source: string): boolean {
  if (name === "") return false;
  if (!request.isStatic) return isLocal(request.specifier) && source.includes(name);
  return request.names.some(
    ({ imported, local }) =>
      local === name || imported === name || source.includes(`${local}.${name}`),
  );
}

/** Whether it is worth waiting for a module that cannot be loaded synchronously. */
function mayExport(url: string, fn: Function): boolean {
  const text = moduleText(url);
  if (text === undefined || fn.name === "") return false;
  return text.source.includes(fn.name) || text.reexports.some(({ name }) => name === "*");
}

/** The export that bears the function's own name in the module's text. */
function namedExport(url: string, fn: Function): FoundExport | undefined {
  if (fn.name === "" || !/\bexports?\b/.test(sourceText(url) ?? "")) return undefined;
  for (const [exportName, local] of moduleText(url)?.exports ?? []) {
    if (local === fn.name) return { url, exportName, isVerified: false };
  }
  return undefined;
}

/** Follows re-exports to the module that defines the function: the worker then loads no more than that. */
function definitionOf(found: FoundExport, fn: Function): FoundExport {
  const passed = new Set<string>();
  let definition = found;
  for (let next: FoundExport | undefined = found; next !== undefined;) {
    definition = next;
    passed.add(definition.url);
    next = originOf(definition, fn);
    if (next !== undefined && passed.has(next.url)) break; // modules that re-export each other
  }
  return definition;
}

/** The module that `found` re-exports the function from. */
function originOf({ url: from, exportName }: FoundExport, fn: Function): FoundExport | undefined {
  if (!REEXPORT.test(sourceText(from) ?? "")) return undefined;
  for (const { name, imported, specifier } of moduleText(from)?.reexports ?? []) {
    if ((name !== "*" && name !== exportName) || !isLocal(specifier)) continue;
    const url = resolvedFrom(from, specifier);
    const original = name === "*" ? exportName : imported;
    if (url !== undefined && isExport(from, specifier, original, fn)) {
      return { url, exportName: original, isVerified: true };
    }
  }
  return undefined;
}

function isExport(from: string, specifier: string, exportName: string, fn: Function): boolean {
  try {
    return server.requireModule(from, specifier)[exportName] === fn;
  } catch {
    return false;
  }
}

/** A namespace that is there, or undefined: waiting for one that is being evaluated may never end. */
export async function importIfEvaluated(url: string): Promise<Record<string, unknown> | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<undefined>((giveUp) => {
    timer = setTimeout(() => giveUp(undefined), IMPORT_TIMEOUT_MS);
  });
  try {
    return await Promise.race([importModule(url), timeout]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
