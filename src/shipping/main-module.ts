/**
 * Suppression: what keeps a program that a worker imports from running again there.
 *
 * A worker that needs a function of the program's entry imports the entry, and so
 * runs its top level: `pool.submit(…)` included, which would submit to a pool of
 * its own, whose workers would import the entry, and so on. So in a worker
 * that has loaded the entry, whose top level may go on after awaits, work submitted outside a
 * running call is *suppressed*, that is, never done. Other modules may make nothing there that
 * threads share: a worker would have one of its own.
 *
 * "Inside a call" is a counter while the call's synchronous part runs. After its
 * first await only an ambient value can tell, which slows every await down a
 * little, so there is one only in workers that loaded the entry.
 *
 * The entry may also be loaded by another module's import, without this file's
 * knowledge. It then shows on the stack of what it submits.
 */
import { platform, server } from "#platform";
import type { AmbientValue } from "../platform/platform.ts";
import { threadRegistry } from "../base/registry.ts";
import { withoutSlice } from "../base/slice-urls.ts";
import { RuntimeError } from "../errors.ts";
import { evaluatedPlace, evaluatedUrls } from "./callers/caller.ts";

interface Suppression {
  loading: number;
  running: number;
  /** Present once this worker has loaded the program's entry. */
  insideCall: AmbientValue<true> | undefined;
}

function suppression(): Suppression {
  return threadRegistry("suppression@1", () => ({ loading: 0, running: 0, insideCall: undefined }));
}

/** Whether the program's entry has been evaluated, or is being, in this thread. */
export function isEntryLoaded(): boolean {
  return server.isProgramThread || suppression().insideCall !== undefined;
}

/** Whether work submitted now is suppressed. */
export function isSuppressed(): boolean {
  if (server.isProgramThread) return false;
  const state = suppression();
  if (state.running > 0) return false;
  if (state.insideCall?.get() === true) return false;
  if (state.insideCall === undefined && entryIsOnStack()) markEntryLoaded();
  return state.insideCall !== undefined;
}

/**
 * Checks that no worker is evaluating a module, whose declarations each worker evaluates anew:
 * what it makes there is shared with no other thread. The entry is not meant, whose declarations
 * are not reached for their own sake.
 *
 * @param attempt What each worker would do for itself: `make a Lock`.
 * @param isMeant Whether the module at a URL is meant. Default: any.
 * @throws {RuntimeError} One is.
 */
export function checkNotEvaluating(
  attempt: string,
  isMeant: (url: string) => boolean = () => true,
  fix?: string,
): void {
  if (server.isProgramThread) return;
  const state = suppression();
  if (state.loading === 0 || state.running > 0 || state.insideCall !== undefined) return;
  const evaluated = evaluatedPlace();
  if (evaluated === undefined || !isMeant(evaluated.url)) return;
  const { url, line, column } = evaluated;
  const place = `${decodeURIComponent(withoutSlice(url).replace(/^.*[\\/]/, ""))}:${line}:${column}`;
  const name = declaredAt(withoutSlice(url), line);
  const declared = name === undefined ? place : `"${name}" (${place})`;
  const pass = `Pass ${name === undefined ? "it" : `"${name}"`} as an argument to the function that uses it`;
  throw new RuntimeError(
    `Cannot ${attempt} for ${declared} in a worker: every worker evaluates that declaration for ` +
      `itself, and no two share it. ${fix ?? pass}`,
  );
}

/** The variable that a line declares, as far as the line shows. */
function declaredAt(url: string, line: number): string | undefined {
  const text = server.readSource(url)?.split("\n")[line - 1] ?? "";
  return /\b(?:const|let|var)\s+([\w$]+)/.exec(text)?.[1];
}

/** Runs a call, of which everything that it submits is really done, also after awaits. */
export function runInsideCall<R>(fn: () => R): R {
  const state = suppression();
  state.running += 1;
  try {
    return state.insideCall === undefined ? fn() : state.insideCall.run(true, fn);
  } finally {
    state.running -= 1;
  }
}

/** Notes that this worker loads the program's entry. Call it before the import. */
export function markEntryLoaded(): void {
  suppression().insideCall ??= platform.ambientValue<true>();
}

/** Counts as loading until `loaded` settles, and returns it. */
export async function withLoading<T>(loaded: Promise<T>): Promise<T> {
  const state = suppression();
  state.loading += 1;
  try {
    return await loaded;
  } finally {
    state.loading -= 1;
  }
}

function entryIsOnStack(): boolean {
  const entry = server.entryUrl();
  return entry !== undefined && evaluatedUrls().includes(entry);
}
