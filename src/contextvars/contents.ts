/**
 * What a context holds, and which one is current.
 *
 * Everything here is plain data in the thread registry: two copies of heddle in a
 * thread have classes of their own, and must agree on what is current.
 *
 * The current contents are an ambient value, which follows asynchronous code, or
 * the thread's outermost contents where no `run` leads to the code. The ambient
 * value is made by the first `run` of the thread, since on Node 20 and 22 it makes
 * each await three times as slow: who only sets variables never pays for it.
 *
 * Copy-on-write: contents that were copied, or are being iterated over, share
 * their map with others. Whoever changes it first takes a copy, so copying a
 * context costs the same however many variables it holds, and the first change
 * after that is linear in them. A trie would make that logarithmic, and each read
 * slower; programs have some dozen variables.
 *
 * Entered: contents are entered while they are current, and while a `run` that
 * was called with them current has not returned. The first is seen by comparing,
 * the second counted in `runsFrom`. A promise that `run` returned does not count:
 * between its steps, other code may enter the context, as any step of an asyncio
 * task enters its own.
 */
import { platform } from "#platform";
import { RuntimeError } from "../errors.ts";
import type { AmbientValue } from "../platform/platform.ts";
import { threadRegistry } from "../task/thread-registry.ts";

/** By variable. The variables may belong to another copy of heddle. */
type Values = Map<object, unknown>;

export interface Contents {
  values: Values;
  /** Whether `values` must be copied before it is changed. */
  isShared: boolean;
  /** How many runs that were called with these contents current have not returned. */
  runsFrom: number;
}

interface ContextState {
  /** Current wherever no run leads to the code. */
  readonly outermost: Contents;
  ambient: AmbientValue<Contents> | undefined;
}

let ownState: ContextState | undefined;

function contextState(): ContextState {
  ownState ??= threadRegistry("contexts@1", () => ({
    outermost: emptyContents(),
    ambient: undefined,
  }));
  return ownState;
}

export function emptyContents(): Contents {
  return { values: new Map(), isShared: false, runsFrom: 0 };
}

/** Empties what is current wherever no run leads to the code: a new thread begins in this agent. */
export function startOver(): void {
  contextState().outermost.values = new Map();
  contextState().outermost.isShared = false;
}

export function currentContents(): Contents {
  const { ambient, outermost } = contextState();
  return ambient?.get() ?? outermost;
}

/** The map as it is now; it will never change. */
export function snapshot(contents: Contents): ReadonlyMap<object, unknown> {
  contents.isShared = true;
  return contents.values;
}

export function copyContents(contents: Contents): Contents {
  contents.isShared = true;
  return { values: contents.values, isShared: true, runsFrom: 0 };
}

export function setValue(contents: Contents, variable: object, value: unknown): void {
  ownValues(contents).set(variable, value);
}

export function deleteValue(contents: Contents, variable: object): void {
  ownValues(contents).delete(variable);
}

function ownValues(contents: Contents): Values {
  if (contents.isShared) {
    contents.values = new Map(contents.values);
    contents.isShared = false;
  }
  return contents.values;
}

/**
 * Calls a function with these contents current, also in what it leaves to be done later.
 *
 * @throws {RuntimeError} They are entered already.
 */
export function runWith<R>(contents: Contents, fn: () => R): R {
  const state = contextState();
  const outer = state.ambient?.get() ?? state.outermost;
  if (contents === outer || contents.runsFrom > 0) {
    throw new RuntimeError("Cannot enter the context: it is already entered");
  }
  state.ambient ??= platform.ambientValue<Contents>();
  outer.runsFrom += 1;
  try {
    return state.ambient.run(contents, fn);
  } finally {
    outer.runsFrom -= 1;
  }
}
