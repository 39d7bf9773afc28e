/**
 * How Node, Deno and Bun load modules whose texts are sent to them: slices of the user's modules.
 *
 * A slice has the URL of its module with an addition, so that what it imports resolves as it
 * does there, and `import.meta.url` leads to the same folder. Each runtime has hooks for its loader.
 * They are in place only while a slice loads, since they slow other loads down.
 */
import { threadRegistry } from "../base/registry.ts";
import { SLICE_MARK, withoutSlice } from "../base/slice-urls.ts";
import { modules, urls, workerThreads } from "./builtins.ts";
import { tsxCompiler } from "./module-loading.ts";
import type { Server } from "./platform.ts";

type Texts = Readonly<Record<string, string>>;
type Namespace = Record<string, unknown>;

const isTypeScript = (url: string): boolean => /\.[cm]?tsx?(?:[?#]|$)/.test(url);
const isCommonJsName = (url: string): boolean => /\.c[jt]s(?:[?#]|$)/.test(url);

/** Implements {@link Server.sliceUrl} for Node. */
function sliceUrl(url: string, id: string): string {
  return `${url}?${SLICE_MARK}${id}`;
}

/**
 * The same for Deno: it would apply the file's own source map to a name that ends in `.ts`, and
 * does not ask hooks about one that ends in `.cjs`.
 */
export function denoSliceUrl(url: string, id: string): string {
  const isOther = isTypeScript(url) || isCommonJsName(url);
  return `${url}${isOther ? ".heddle.mjs" : ""}?${SLICE_MARK}${id}`;
}

/** The same for Bun, which drops queries before plugins see them. The ending says how it is compiled. */
export function bunSliceUrl(url: string, id: string): string {
  const [file = url, query = ""] = url.split("?");
  const ending = /\.[jt]sx?$/.exec(file)?.[0] ?? (isTypeScript(url) ? ".ts" : ".js");
  return `${file}%23${SLICE_MARK}${id}${query.replace(/\W/g, "_")}${ending}`;
}

/** In a worker, heddle may be there twice: the file that it starts with, and what that loads of the library. */
interface Loader {
  /** All texts that this thread has got, by URL. */
  readonly texts: Map<string, string>;
  /** How many slices are being loaded. */
  loads: number;
  hooks: { deregister(): void } | undefined;
  /** Where Node's thread of hooks gets texts from. */
  port: InstanceType<typeof MessagePort> | undefined;
  isPluggedIntoBun: boolean;
}

function loader(): Loader {
  return threadRegistry("slices@1", () => ({
    texts: new Map(),
    loads: 0,
    hooks: undefined,
    port: undefined,
    isPluggedIntoBun: false,
  }));
}

/** Implements {@link Server.importSlice}. */
async function importSlice(url: string, added: Texts): Promise<Namespace> {
  const { texts } = loader();
  nameInStacks();
  const fresh = Object.fromEntries(Object.entries(added).filter(([each]) => !texts.has(each)));
  for (const [each, text] of Object.entries(fresh)) texts.set(each, text);
  const load = async (): Promise<Namespace> => (await import(url)) as Namespace;
  if ("bun" in process.versions) {
    plugIntoBun();
    return load();
  }
  if (typeof modules().registerHooks === "function") return withHooks(load);
  sendToHooks(fresh);
  return load();
}

let areNamed = false;

/** Has the stacks of a worker's errors name the user's files, as those that it sends do. */
function nameInStacks(): void {
  // A program's own thread is the user's. With source maps Node has its own way; Deno always says
  // that it has them.
  const isMapped = process.sourceMapsEnabled && !("deno" in process.versions);
  if (areNamed || workerThreads().isMainThread || isMapped) return;
  areNamed = true;
  // Not there in all engines.
  const hooks: { prepareStackTrace?: typeof Error.prepareStackTrace } = Error;
  const { prepareStackTrace: before = asEngine } = hooks;
  hooks.prepareStackTrace = (error, frames) => {
    // What Bun has there takes no other objects, which captureStackTrace may be given.
    const format = error instanceof Error ? before : asEngine;
    const stack: unknown = format(error, frames);
    // Bun calls a function without a name as it is exported.
    const ownName = /^(\s*at (?:async )?)__heddle (?=\()/gm;
    return typeof stack === "string"
      ? withoutSlice(stack).replace(ownName, "$1<anonymous> ")
      : stack;
  };
}

function asEngine(error: Error, frames: readonly NodeJS.CallSite[]): string {
  return [Error.prototype.toString.call(error), ...frames.map(frameText)].join("\n    at ");
}

/** Deno would write the paths of files, and not the URLs that are in its stacks otherwise. */
function frameText(frame: NodeJS.CallSite): string {
  const [name, url] = [frame.getFileName(), frame.getScriptNameOrSourceURL()];
  // oxlint-disable-next-line typescript/no-base-to-string -- its type does not say that it has one of its own
  const text = frame.toString();
  return name && url?.startsWith("file:") ? text.replace(name, () => url) : text;
}

async function withHooks(load: () => Promise<Namespace>): Promise<Namespace> {
  const state = loader();
  const { texts } = state;
  state.loads += 1;
  state.hooks ??= modules().registerHooks({
    resolve: (specifier, context, next) =>
      texts.has(specifier)
        ? { url: specifier, format: "module", shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) => {
      const source = texts.get(url);
      if (source !== undefined) return { format: "module", source, shortCircuit: true };
      return isRequiredJson(url, context) ? asCommonJs(next(url, context)) : next(url, context);
    },
  });
  try {
    return await load();
  } finally {
    state.loads -= 1;
    if (state.loads === 0) {
      state.hooks?.deregister();
      state.hooks = undefined;
    }
  }
}

/** Whether Deno would take JSON for JavaScript: what is required while there are hooks. */
function isRequiredJson(
  url: string,
  { importAttributes }: { readonly importAttributes?: { readonly type?: string | undefined } },
): boolean {
  return (
    "deno" in process.versions && url.endsWith(".json") && importAttributes?.["type"] !== "json"
  );
}

function asCommonJs<L extends { source?: unknown }>(loaded: L): L {
  const { source } = loaded;
  const text = typeof source === "string" ? source : new TextDecoder().decode(source as Uint8Array);
  return { ...loaded, format: "commonjs", source: `module.exports = ${text}`, shortCircuit: true };
}

/**
 * Node before 22.15 runs hooks in a thread of their own. It gets the texts by a port, and this
 * thread waits until it has them, since the loader asks for them at once.
 */
const HOOKS = `
const texts = new Map();
export function initialize({ port }) {
  port.on("message", ({ added, done }) => {
    for (const url in added) texts.set(url, added[url]);
    Atomics.store(done, 0, 1);
    Atomics.notify(done, 0);
  });
}
export async function resolve(specifier, context, next) {
  return texts.has(specifier)
    ? { url: specifier, format: "module", shortCircuit: true }
    : next(specifier, context);
}
export async function load(url, context, next) {
  return texts.has(url)
    ? { format: "module", source: texts.get(url), shortCircuit: true }
    : next(url, context);
}`;

function sendToHooks(added: Texts): void {
  const state = loader();
  if (state.port === undefined) {
    const channel = new MessageChannel();
    state.port = channel.port1;
    modules().register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, {
      data: { port: channel.port2 },
      transferList: [channel.port2 as never],
    });
    (state.port as unknown as { unref(): void }).unref();
  }
  const done = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  state.port.postMessage({ added, done });
  // The thread of the hooks runs no code of the user's, so it always answers.
  Atomics.wait(done, 0, 0);
}

/** The part of Bun's plugins that is used here. */
interface BunPlugins {
  plugin(plugin: {
    readonly name: string;
    setup(build: {
      onResolve(
        filter: { readonly filter: RegExp },
        resolve: (request: { readonly path: string }) => { readonly path: string },
      ): void;
      onLoad(
        filter: { readonly filter: RegExp },
        load: (request: { readonly path: string }) => { contents: string; loader: string },
      ): void;
    }): void;
  }): void;
}

function plugIntoBun(): void {
  const state = loader();
  if (state.isPluggedIntoBun) return;
  state.isPluggedIntoBun = true;
  const { texts } = state;
  const filter = new RegExp(`(?:#|%23)${SLICE_MARK}`);
  const pathOf = (url: string): string => urls().fileURLToPath(url);
  (globalThis as unknown as { Bun: BunPlugins }).Bun.plugin({
    name: "heddle",
    setup(build) {
      build.onResolve({ filter }, ({ path }) => ({
        path: path.startsWith("file:") ? pathOf(path) : path,
      }));
      build.onLoad({ filter }, ({ path }) => {
        // By their paths: runtimes do not agree on which characters a URL has to escape.
        const [, contents = ""] = [...texts].find(([url]) => pathOf(url) === path) ?? [];
        return { contents, loader: /\.([jt]sx?)$/.exec(path)?.[1] ?? "js" };
      });
    },
  });
}

/**
 * Implements {@link Server.compileSlice} with Node's and Deno's own compiler, or with tsx's, as
 * Node 20 has none. They move lines.
 */
function compileSlice(text: string): string | undefined {
  const strip = modules().stripTypeScriptTypes as
    | ((source: string, options: { mode: "transform" }) => string)
    | undefined;
  try {
    return strip === undefined ? tsxCompiler()?.(text) : strip(text, { mode: "transform" });
  } catch {
    return undefined;
  }
}

/** What Node does; Deno and Bun have some of it in another way. */
export const SLICES: Pick<Server, "sliceUrl" | "compileSlice" | "importSlice"> = {
  sliceUrl,
  compileSlice,
  importSlice,
};
