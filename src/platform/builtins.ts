/**
 * The runtime's built-in modules, each loaded when it is first used.
 *
 * `import` of a built-in module makes a namespace of its exports, for which Node reads every
 * property of it: of `node:process` also those that open the standard streams, which takes a
 * program 5 ms and each of its workers 3. `node:worker_threads` and `node:v8` take 2 ms each
 * to load, and a program that only imports heddle uses neither. In a file that a bundler has made
 * of several modules, the imports of all are at the top, also those of modules that are loaded
 * when they are needed.
 */
import { asText } from "../base/text.ts";
import type * as AsyncHooks from "node:async_hooks";
import type * as ChildProcess from "node:child_process";
import type * as Fs from "node:fs";
import type * as Inspector from "node:inspector";
import type * as Modules from "node:module";
import type * as Net from "node:net";
import type * as Os from "node:os";
import type * as Paths from "node:path";
import type * as Sea from "node:sea";
import type * as Timers from "node:timers";
import type * as Tls from "node:tls";
import type * as Urls from "node:url";
import type * as V8 from "node:v8";
import type * as WorkerThreads from "node:worker_threads";

/** Loads the module when it is first asked for it. */
function lazy(id: string): () => unknown {
  let loaded: unknown;
  return () => (loaded ??= process.getBuiltinModule(id));
}

export const asyncHooks = lazy("node:async_hooks") as () => typeof AsyncHooks;
export const childProcess = lazy("node:child_process") as () => typeof ChildProcess;
export const fs = lazy("node:fs") as () => typeof Fs;
export const inspector = lazy("node:inspector") as () => typeof Inspector;
export const modules = lazy("node:module") as () => typeof Modules;
export const net = lazy("node:net") as () => typeof Net;
export const os = lazy("node:os") as () => typeof Os;
export const paths = lazy("node:path") as () => typeof Paths;
/** Not there on all runtimes. */
export const sea = lazy("node:sea") as () => typeof Sea | undefined;
export const timers = lazy("node:timers") as () => typeof Timers;
export const tlsModule = lazy("node:tls") as () => typeof Tls;
export const urls = lazy("node:url") as () => typeof Urls;
export const v8 = lazy("node:v8") as () => typeof V8;
export const workerThreads = lazy("node:worker_threads") as () => typeof WorkerThreads;

/**
 * Returns the signal of that name or number.
 *
 * The runtimes take what is neither for SIGTERM, or for a signal of another number.
 *
 * @param attempt What cannot be done otherwise, as an error says it.
 * @throws {TypeError} There is no such signal.
 */
export function checkedSignal<S extends string | number>(signal: S, attempt: string): S {
  const { signals } = os().constants;
  if (typeof signal === "string" && Object.hasOwn(signals, signal)) return signal;
  if (typeof signal === "number" && Object.values<number>(signals).includes(signal)) return signal;
  const given = typeof signal === "string" ? JSON.stringify(signal) : asText(signal);
  throw new TypeError(`Cannot ${attempt}: there is no signal ${given}`);
}
