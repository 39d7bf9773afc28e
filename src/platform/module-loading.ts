/**
 * How Node, Deno and Bun find, read and load the user's modules.
 *
 * All three implement `createRequire`, and all three give the namespace that
 * `import` gave when `require` meets a module that is already loaded. That is
 * what makes a synchronous search for an export possible.
 *
 * `require` of an ES module and `stripTypeScriptTypes` print an
 * ExperimentalWarning on some releases of Node. The user who reads it did not call
 * them, so exactly that kind of warning is dropped, exactly while we call.
 */
import type { WebURL } from "../base/web-types.ts";
import { childArguments } from "./process/child-arguments.ts";
import { fs, modules, sea, urls, workerThreads } from "./builtins.ts";

/** Where the main thread leaves the program's entry for its workers: their own `argv` names the worker. */
const ENTRY = "heddle.entry";
/** The same for the text of a program that has no file. */
const EVALUATED = "heddle.evaluated";

/**
 * The URL of the module that the program was started with, in any thread, also of a child process.
 *
 * Workers know it only if {@link shareEntryUrl} ran before they were created.
 */
export function entryUrl(): string | undefined {
  const { getEnvironmentData, isMainThread } = workerThreads();
  if (!isMainThread) return getEnvironmentData(ENTRY) as string | undefined;
  const asChild = childArguments();
  if (asChild !== undefined) return asChild.entry;
  if (evaluatedText() !== undefined) return evaluatedUrl();
  const started = process.argv[1];
  if (started === undefined) return undefined; // a REPL
  if (/^[a-z][a-z0-9+.-]+:/i.test(started)) return started;
  // To resolve it takes a look at each folder, and it is asked for often.
  return (found[started] ??= urlOf(started));
}

const found: Record<string, string | undefined> = {};

function urlOf(started: string): string | undefined {
  try {
    // `node .` and `node main` leave out what require.resolve adds.
    const { pathToFileURL } = urls();
    const path = modules()
      .createRequire(pathToFileURL(`${process.cwd()}/`))
      .resolve(started);
    return pathToFileURL(fs().realpathSync(path)).href;
  } catch {
    return undefined;
  }
}

/**
 * The text of a program that has no file: `node --eval`, `--print`, one that came by stdin, or a
 * single executable's.
 */
export function evaluatedText(): string | undefined {
  const { getEnvironmentData, isMainThread } = workerThreads();
  if (!isMainThread) return getEnvironmentData(EVALUATED) as string | undefined;
  const { _eval: text } = process as { readonly _eval?: unknown };
  return typeof text === "string" ? text : textInExecutable();
}

let assetText: string | undefined;

/** What a single executable's configuration adds to it for this purpose; empty if it does not. */
function textInExecutable(): string | undefined {
  if (sea()?.isSea() !== true) return undefined;
  try {
    return (assetText ??= sea()?.getAsset("heddle:main", "utf8"));
  } catch {
    return "";
  }
}

/** What the runtime calls such a program's module. */
function evaluatedUrl(): string {
  const name = "bun" in process.versions ? "[eval]" : "[eval1]";
  return new URL(name, urls().pathToFileURL(`${process.cwd()}/`)).href;
}

/** Makes the program's entry known to every worker that is created from now on. */
export function shareEntryUrl(): void {
  const { isMainThread, setEnvironmentData } = workerThreads();
  if (!isMainThread) return;
  setEnvironmentData(ENTRY, entryUrl());
  const text = evaluatedText();
  if (text !== undefined) setEnvironmentData(EVALUATED, text);
}

/**
 * Implements {@link Server.requireModule}. It has no queries.
 *
 * Under tsx, `require` loads a second copy of what `import` loaded, so there only
 * files count that `require` itself has loaded, as it does in CommonJS packages.
 */
export function requireModule(from: string, specifier: string): Record<string, unknown> {
  const require = modules().createRequire(from);
  const wanted = pathOrName(specifier, from);
  if (specifier.includes("?")) throw new Error(specifier);
  if (wanted !== specifier && tsxLoader() !== undefined) {
    if (require.cache[require.resolve(wanted)] === undefined) {
      throw new Error(`Cannot load "${specifier}" synchronously: it was not loaded by require`);
    }
  }
  const known = modules().isBuiltin(wanted) ? undefined : require.cache[require.resolve(wanted)];
  // Of a CommonJS module that is being evaluated, require() gives a proxy that warns when it is read.
  if (known?.loaded === false) return known.exports as Record<string, unknown>;
  return withoutExperimentalWarnings(() => require(wanted));
}

/** Implements {@link Server.loadOwnFile}. */
export function loadOwnFile(url: WebURL): Record<string, unknown> {
  const path = urls().fileURLToPath(url.href);
  return withoutExperimentalWarnings(() => modules().createRequire(url.href)(path));
}

/** Implements {@link Server.resolveModule}. */
export function resolveModule(from: string, specifier: string, isImport = false): string {
  if (isImport && isPackage(specifier)) {
    try {
      return resolvedImport(from, specifier);
    } catch {
      // As below: what lies where only the runtime knows.
    }
  }
  const resolved = modules().createRequire(from).resolve(pathOrName(specifier, from));
  if (modules().isBuiltin(resolved)) {
    return resolved.startsWith("node:") ? resolved : `node:${resolved}`;
  }
  return urls().pathToFileURL(resolved).href;
}

function isPackage(specifier: string): boolean {
  return !/^(?:[a-z][a-z0-9+.-]+:|\.{0,2}\/)/i.test(specifier) && !modules().isBuiltin(specifier);
}

/** What an import of a package leads to, by the conditions of this runtime. */
function resolvedImport(from: string, specifier: string): string {
  const { resolve } = requireModule(import.meta.url, "import-meta-resolve") as {
    resolve: (specifier: string, parent: string, conditions: Set<string>) => string;
  };
  const runtime = ["bun", "deno"].filter((name) => name in process.versions);
  const own = process.versions["bun"] === undefined ? ["module-sync"] : [];
  const given = process.execArgv.flatMap(
    (flag) => /^(?:--conditions=|-C=?)(.+)/.exec(flag)?.[1] ?? [],
  );
  const conditions = new Set([...runtime, "node", "import", ...own, ...given]);
  if (modules().registerHooks === undefined) conditions.delete("module-sync");
  return resolve(specifier, from, conditions);
}

/** What `require` understands of an import specifier: it takes paths, and no URLs. */
function pathOrName(specifier: string, from: string): string {
  if (!/^(?:file:|\.{0,2}\/)/.test(specifier)) return specifier;
  return urls().fileURLToPath(new URL(specifier, from));
}

/** Implements {@link Server.readSource}. */
export function readSource(url: string): string | undefined {
  if (/\/\[eval1?\]$/.test(decodeURI(url))) return evaluatedText();
  try {
    return fs().readFileSync(new URL(url), "utf8");
  } catch {
    return undefined;
  }
}

/** Implements {@link Server.hasChanged}. A time in the future says that a clock is wrong. */
export function hasChanged(url: string): boolean {
  const now = Date.now();
  const started = now - process.uptime() * 1000;
  try {
    const { mtimeMs } = fs().statSync(new URL(url));
    return mtimeMs > started && mtimeMs <= now;
  } catch {
    return false; // a program that has no file
  }
}

/** Implements {@link Server.stripTypes}. */
export function stripTypes(source: string, url: string): string {
  if (!/\.[mc]?tsx?(?:[?#]|$)/.test(url)) return source;
  // None on Node 20 and Bun.
  const strip = modules().stripTypeScriptTypes as ((source: string) => string) | undefined;
  if (strip === undefined) return source;
  try {
    return withoutExperimentalWarnings(() => strip(source));
  } catch {
    return source; // syntax that cannot be erased
  }
}

function withoutExperimentalWarnings<R>(call: () => R): R {
  // oxlint-disable-next-line typescript/unbound-method -- called on process below
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (warningType(warning, rest[0]) === "ExperimentalWarning") return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return call();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function warningType(warning: string | Error, typeOrOptions: unknown): unknown {
  if (warning instanceof Error) return warning.name;
  if (typeof typeOrOptions !== "object" || typeOrOptions === null) return typeOrOptions;
  return (typeOrOptions as { type?: unknown }).type;
}

let registered: Promise<void> | undefined;

/**
 * Implements {@link Server.prepareTypeScript}.
 *
 * Must come before the first import: Node remembers that one failed. Newer releases
 * strip types, or hand tsx on to their workers; on Node 20 tsx registers itself in
 * the main thread only.
 */
export async function prepareTypeScript(): Promise<void> {
  if (workerThreads().isMainThread || runsTypeScript()) return;
  const loader = tsxLoader();
  if (loader === undefined) {
    throw new Error(
      `Node ${process.versions.node} cannot run TypeScript. ` +
        "Use Node 22.18 or later, run the program under tsx, or build it to JavaScript first",
    );
  }
  await (registered ??= registerTsx(loader));
}

function runsTypeScript(): boolean {
  const { features, versions } = process;
  return Boolean(features.typescript) || "deno" in versions || "bun" in versions;
}

async function registerTsx(loader: string): Promise<void> {
  // `require`, the only way to resolve from another module, finds the CommonJS twin,
  // whose register() misses its own files.
  const api = resolveModule(loader, "tsx/esm/api").replace(/\.cjs$/, ".mjs");
  const { register } = (await import(api)) as { register: () => unknown };
  register();
}

/** tsx's own compiler, if the program runs under tsx and it can be found. */
export function tsxCompiler(): ((text: string) => string) | undefined {
  const loader = tsxLoader();
  if (loader === undefined) return undefined;
  try {
    const { createRequire } = modules();
    const tsx = createRequire(loader).resolve("tsx");
    const esbuild = createRequire(tsx)("esbuild") as {
      transformSync(text: string, options: object): { code: string };
    };
    const options = { loader: "ts", format: "esm", target: "node20" };
    return (text) => esbuild.transformSync(text, options).code;
  } catch {
    return undefined;
  }
}

/** The file by which this program loads tsx, if it runs under tsx. */
function tsxLoader(): string | undefined {
  const flags = [...process.execArgv, ...(process.env["NODE_OPTIONS"] ?? "").split(/\s+/)];
  for (const flag of flags.map((text) => text.replace(/^--import=/, ""))) {
    if (/^(?:file:|\/|[a-z]:).*[\\/]tsx[\\/]/i.test(flag)) {
      return flag.startsWith("file:") ? flag : urls().pathToFileURL(flag).href;
    }
    if (/^tsx(?:\/|$)/.test(flag))
      return entryUrl() ?? urls().pathToFileURL(`${process.cwd()}/`).href;
  }
  return undefined;
}
