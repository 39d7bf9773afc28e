/**
 * The worker's side: finds or rebuilds the function that a reference names.
 *
 * A marked function can run as soon as its `task()` call ran, whatever its module
 * does afterwards: it may throw, as a page's module does in a worker, or await
 * work that is suppressed here. So a mark races with the import that makes it.
 */
import { server } from "#platform";
import { isInsideBundle } from "../base/own-files.ts";
import { NotShippableError, RuntimeError } from "../errors.ts";
import { exportNamed } from "./export-name.ts";
import type {
  FunctionReference,
  ModuleReference,
  SliceReference,
  SourceReference,
  TaskReference,
} from "./function-reference.ts";
import { importModule } from "./import-module.ts";
import { markEntryLoaded, withLoading } from "./main-module.ts";
import { functionNamed, noteFunction, references } from "./references.ts";
import { markedFunction, markedKeys, onMark } from "./marker.ts";
import { threadRegistry } from "../base/registry.ts";

type Namespace = Record<string, unknown>;

/** Modules that loaded, or are loading. One that failed is tried again. */
function modules(): Map<string, Namespace | Promise<Namespace>> {
  return threadRegistry("modules@1", () => new Map());
}

/**
 * Returns the function that `reference` names in this thread. A promise only
 * where a module must be loaded first.
 *
 * @throws {RuntimeError} Its module cannot be loaded.
 * @throws {NotShippableError} The module lacks the function, or has another one in its place.
 */
export function loadFunction(reference: FunctionReference): Function | Promise<Function> {
  const known = functionNamed(reference);
  if (known !== undefined && !isToBeCompared(reference)) return known;
  const loaded = loadAnew(reference);
  if (loaded instanceof Promise) return loaded.then((fn) => noted(reference, fn));
  return noted(reference, loaded);
}

/** Whether it is not enough that this agent has the function. */
export function isToBeCompared(reference: FunctionReference): boolean {
  const { state, sourceText } = reference as {
    readonly state?: readonly unknown[];
    readonly sourceText?: string;
  };
  return sourceText !== undefined || Boolean(state?.length);
}

/** So that it is the same function the next time, and is known when it is sent on. */
function noted(reference: FunctionReference, fn: Function): Function {
  noteFunction(reference, fn);
  const { byFunction, withoutFields, copies } = references();
  const cache = "id" in reference && reference.id !== "" ? withoutFields : byFunction;
  if (!cache.has(fn)) cache.set(fn, reference);
  copies.add(fn);
  return fn;
}

function loadAnew(reference: FunctionReference): Function | Promise<Function> {
  switch (reference.kind) {
    case "source":
      return evaluate(reference);
    case "task":
      return markedFunction(reference.url, reference.key) ?? loadTask(reference);
    case "slice":
      return loadSlice(reference);
    default:
      return loadExport(reference);
  }
}

/**
 * The same for who cannot wait for a promise.
 *
 * @throws {RuntimeError} Also: its module can only be loaded by waiting for it.
 */
export function loadFunctionSync(reference: FunctionReference): Function {
  const loaded = loadFunctionIfAtOnce(reference);
  if (loaded !== undefined) return loaded;
  throw new RuntimeError(
    `Cannot load the module "${(reference as ModuleReference).url}" without waiting for it: ` +
      "use the form of the method that returns a promise",
  );
}

/** The function, if that takes no waiting. */
export function loadFunctionIfAtOnce(reference: FunctionReference): Function | undefined {
  const isThere = reference.kind === "source" || reference.kind === "slice";
  const loaded = loadFunction(isThere ? reference : loadedAtOnce(reference));
  if (!(loaded instanceof Promise)) return loaded;
  loaded.catch(() => undefined);
  return undefined;
}

/** Loads the module of a function, if that can be done at once. */
function loadedAtOnce<R extends ModuleReference | TaskReference>(reference: R): R {
  const { url } = reference;
  if (modules().has(url)) return reference;
  if (!server.isProgramThread && url === server.entryUrl()) markEntryLoaded();
  try {
    keep(url, server.requireModule(url, url));
  } catch {
    // The caller finds out, and says so.
  }
  return reference;
}

function keep(url: string, namespace: Namespace): Namespace {
  modules().set(url, namespace);
  references().noteModule?.(url, namespace);
  return namespace;
}

function loadExport(reference: ModuleReference): Function | Promise<Function> {
  const namespace = loadModule(reference.url);
  if (!(namespace instanceof Promise)) return exported(namespace, reference);
  return namespace.then((loaded) => exported(loaded, reference));
}

function loadModule(url: string): Namespace | Promise<Namespace> {
  const known = modules().get(url);
  if (known !== undefined) return known;
  if (!server.isProgramThread && url === server.entryUrl()) markEntryLoaded();
  const loading = withLoading(importModule(url)).then(
    (namespace) => keep(url, namespace),
    (cause: unknown) => {
      modules().delete(url);
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new RuntimeError(`Cannot load the module "${url}" in the worker: ${reason}`, { cause });
    },
  );
  modules().set(url, loading);
  return loading;
}

function exported(namespace: Namespace, reference: ModuleReference): Function {
  const { url, exportName, sourceText } = reference;
  const fn = exportNamed(namespace, exportName);
  if (typeof fn !== "function") {
    throw new NotShippableError(
      `Cannot run "${exportName}": "${url}" exports no such function in the worker. ` +
        `It exports ${quoted(Object.keys(namespace))}; does the export depend on the thread?`,
      { functionName: exportName },
    );
  }
  if (sourceText !== undefined && String(fn) !== sourceText) {
    throw new NotShippableError(
      `Cannot run "${exportName}": "${url}" exports a different function under that name. ` +
        "Export the function that is shipped, or mark it: task(import.meta.url, fn)",
      { functionName: exportName },
    );
  }
  return fn;
}

function loadSlice(reference: SliceReference): Function | Promise<Function> {
  const { sliceUrl, texts } = reference;
  const known = modules().get(sliceUrl);
  if (known !== undefined) {
    if (!(known instanceof Promise)) return fromSlice(known, reference);
    return known.then((loaded) => fromSlice(loaded, reference));
  }
  const loading = withLoading(server.importSlice(sliceUrl, texts)).then(
    (namespace) => {
      modules().set(sliceUrl, namespace);
      return namespace;
    },
    (cause: unknown) => {
      modules().delete(sliceUrl);
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new RuntimeError(
        `Cannot evaluate in the worker what ${reference.name || "the function"} uses of ` +
          `"${reference.url}": ${reason}. Pass what fails as an argument, or compute it in the function`,
        { cause },
      );
    },
  );
  modules().set(sliceUrl, loading);
  return loading.then((namespace) => fromSlice(namespace, reference));
}

/** The function, if it finds here what it would find where it was submitted. */
function fromSlice(
  namespace: Namespace,
  { exportName, name, state }: SliceReference,
): Function | Promise<Function> {
  const give = (): Function => {
    const fn = namespace[exportName] as Function;
    // Compilers and what cuts a slice may have given it another name than it had.
    if (fn.name !== name) Object.defineProperty(fn, "name", { value: name, configurable: true });
    return fn;
  };
  return references().checkState?.(state)?.then(give) ?? give();
}

const MISSING = "its file is missing. Put it where the build had it";

function loadTask(reference: TaskReference): Promise<Function> {
  const { url, key } = reference;
  return new Promise((resolve, reject) => {
    const settle = (): boolean => {
      const fn = markedFunction(url, key);
      if (fn === undefined) return false;
      stopListening();
      resolve(fn);
      return true;
    };
    const fail = (error: unknown): void => {
      stopListening();
      reject(error);
    };
    const stopListening = onMark(settle);
    const module = moduleThatMarks(url);
    if (module === undefined) return fail(absentTask(reference, MISSING));
    Promise.resolve(loadModule(module)).then(
      () => settle() || fail(absentTask(reference, notMarked(url))),
      fail,
    );
  });
}

/**
 * The module to load for the sake of the marks of the module `url`. Some bundlers write in the
 * place of `import.meta.url` where the source was when they made the bundle: then that is
 * the program's entry, which marks under the same URL. An entry that can be read and does not have
 * it is another program, as a server that loads bundles: it must not run in a worker.
 */
function moduleThatMarks(url: string): string | undefined {
  if (!isInsideBundle() || server.readSource(url) !== undefined) return url;
  const entry = server.entryUrl();
  if (entry === undefined) return url;
  return server.readSource(entry)?.includes(url) === false ? undefined : entry;
}

function absentTask({ url, key }: TaskReference, reason: string): NotShippableError {
  return new NotShippableError(`Cannot run the task "${key}" of "${url}": ${reason}`, {
    functionName: key,
  });
}

/** Why a module that has been loaded has no such task. */
const notMarked = (url: string): string =>
  "the module marks no such task in the worker. " +
  `It marks ${quoted(markedKeys(url))}; is task() inside an if?`;

function evaluate({ body, name }: SourceReference): Function {
  let made: unknown;
  try {
    // The text was proved to use nothing from outside itself, this module included.
    // oxlint-disable-next-line typescript/no-implied-eval -- that is what shipping a source means
    made = new Function(`${body}\n//# sourceURL=heddle:${encodeURIComponent(name)}`)();
  } catch (cause) {
    throw new RuntimeError(
      `Cannot rebuild the function ${name === "" ? "(anonymous)" : `"${name}"`} in the worker: ${String(cause)}. ` +
        "Export it from its own module, or mark it: task(import.meta.url, fn)",
      { cause },
    );
  }
  if (typeof made === "function") return made;
  throw new NotShippableError(
    `Cannot run ${made as string}: the worker has another function there. ` +
      "Ship a function of your own that calls it",
    { functionName: name },
  );
}

function quoted(names: readonly string[]): string {
  return names.length === 0 ? "nothing" : names.map((name) => `"${name}"`).join(", ");
}
