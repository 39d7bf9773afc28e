/**
 * What a context holds, and which one is current.
 *
 * Everything here is plain data in the thread registry: two copies of heddle in a
 * thread have classes of their own, and must agree on what is current.
 *
 * The current contents are, in this order: those of the step that is being run, an
 * ambient value, which follows asynchronous code, or the thread's outermost
 * contents where no `run` leads to the code. The ambient value is made by the first
 * `run` of the thread, since on Node 20 and 22 it makes each await three times as
 * slow: who only sets variables never pays for it.
 *
 * A step is what an asyncio loop calls and what returns without awaiting anything:
 * a callback, or a generator between two of its yields. Nothing asynchronous is
 * left to follow, so a step only swaps two fields of the state, at next to no cost.
 * Code that starts asynchronous code from a step does so with `runInScope`, which
 * makes of the fields an ambient value.
 *
 * Copy-on-write: contents that were copied, or are being iterated over, share
 * their map with others. Code that changes it takes a copy first, so copying a
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
import { threadRegistry } from "../base/registry.ts";

/** By variable. The variables may belong to another copy of heddle. */
type Values = Map<object, unknown>;

export interface Contents {
  values: Values;
  /** Whether `values` must be copied before it is changed. */
  isShared: boolean;
  /** How many runs that were called with these contents current have not returned. */
  runsFrom: number;
  /** The context that holds these, once it has been asked for. */
  context: object | undefined;
}

/** What asynchronous code carries along. */
export interface Scope {
  readonly contents: Contents;
  /** The asyncio task that the code belongs to, of whichever copy of heddle. */
  readonly task: object | null;
  /** The part of the task that it belongs to: asyncio's; see asyncio/engine/parts.ts. */
  readonly part?: object | undefined;
}

export interface ContextState {
  /** Current wherever no run leads to the code. */
  readonly outermost: Contents;
  ambient: AmbientValue<Scope> | undefined;
  /** Current while a step is being run; undefined at all other times. */
  step: Contents | undefined;
  /** The task whose step it is; null in a callback. */
  stepTask: object | null;
  /** What takes the step, and so the part of the task that the step belongs to. */
  stepPart: object | undefined;
  /**
   * Of the async function that was resumed last and has not parked: for runtimes where
   * ambient values do not follow asynchronous code ({@link Platform.asyncContext}).
   */
  resumed: Scope | undefined;
}

/** The property by which a context gives its contents, also to another copy of heddle. */
export const CONTENTS: unique symbol = /* @__PURE__ */ Symbol.for("heddle.contents@3") as never;

let ownState: ContextState | undefined;

/** For loops, which set `step` and `stepTask` around each step, and put back what they were. */
export function contextState(): ContextState {
  return (ownState ??= threadRegistry("contexts@3", newState));
}

function newState(): ContextState {
  return {
    outermost: emptyContents(),
    ambient: undefined,
    step: undefined,
    stepTask: null,
    stepPart: undefined,
    resumed: undefined,
  };
}

export function emptyContents(): Contents {
  return { values: new Map(), isShared: false, runsFrom: 0, context: undefined };
}

/** Empties what is current wherever no run leads to the code: a new thread begins in this agent. */
export function startOver(): void {
  contextState().outermost.values = new Map();
  contextState().outermost.isShared = false;
}

export function currentContents(): Contents {
  const { step, outermost } = contextState();
  return step ?? carriedScope()?.contents ?? outermost;
}

/** The asyncio task that the calling code belongs to, of whichever copy of heddle. */
export function currentTaskObject(): object | null {
  const { step, stepTask } = contextState();
  return step === undefined ? (carriedScope()?.task ?? null) : stepTask;
}

/** The part of its task that the calling code belongs to, of whichever copy of heddle. */
export function currentPartObject(): object | undefined {
  const { step, stepPart } = contextState();
  return step === undefined ? carriedScope()?.part : stepPart;
}

/** What the calling code carries along, if it is not a step and a `run` leads to it. */
export function carriedScope(): Scope | undefined {
  const { ambient, resumed } = contextState();
  return ambient?.get() ?? resumed;
}

/** The map as it is now; it will never change. */
export function snapshot(contents: Contents): ReadonlyMap<object, unknown> {
  contents.isShared = true;
  return contents.values;
}

export function copyContents(contents: Contents): Contents {
  contents.isShared = true;
  return { values: contents.values, isShared: true, runsFrom: 0, context: undefined };
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
  const outer = currentContents();
  if (contents === outer || contents.runsFrom > 0) {
    throw new RuntimeError("Cannot enter the context: it is already entered");
  }
  outer.runsFrom += 1;
  try {
    return runInScope({ contents, task: currentTaskObject(), part: currentPartObject() }, fn);
  } finally {
    outer.runsFrom -= 1;
  }
}

/** Calls a function that the scope follows, into what it leaves to be done later, too. */
export function runInScope<R>(scope: Scope, fn: () => R): R {
  const state = contextState();
  state.ambient ??= platform.ambientValue<Scope>();
  const { step, stepTask } = state;
  state.step = undefined;
  state.stepTask = null;
  try {
    return state.ambient.run(scope, fn);
  } finally {
    state.step = step;
    state.stepTask = stepTask;
  }
}
