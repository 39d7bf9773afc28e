/**
 * Who waits for a task or future, and who waits for those, up to whom nobody waits for.
 *
 * This is a graph, not a tree: two tasks that wait for the same one have whoever waits
 * for both in common, and tasks can wait for each other. So there is one node for each
 * future, made when it is first met, and its edges are filled in when its turn comes.
 * Nothing recurses: a chain of waits may be as long as memory allows.
 */
import { kindOf } from "../../base/text.ts";
import { coreOf, type Future } from "../engine/classes.ts";
import { RuntimeError } from "../../errors.ts";
import { checkedInteger, checkedOptions, LARGEST } from "../../base/options.ts";
import { loopOfCaller, taskOfCaller } from "../engine/caller.ts";
import type { FutureCore } from "../engine/future-core.ts";
import { stackHere } from "../../wire/stack.ts";
import { framesOf } from "../engine/stack-frames.ts";
import { TaskCore } from "../engine/task-core.ts";
import type { StackFrame } from "../events.ts";
import { awaitersOf, stackOfTask } from "./awaited-by.ts";

/** What {@link captureCallGraph} takes besides the future. Python: none */
export interface CallGraphOptions {
  /** Where the stack of the calling task begins: 1, the default, is the function that calls this. */
  readonly depth?: number | undefined;
  /** How many frames of each stack: the innermost, if negative the outermost, none if 0. Default: all. */
  readonly limit?: number | null | undefined;
}

/**
 * One function on a stack of a call graph.
 *
 * Python: `asyncio.FrameCallGraphEntry`
 *
 * @example
 * ```ts
 * import { captureCallGraph, type Coroutine, run } from "heddle/asyncio";
 *
 * function* here(): Coroutine<void> {
 *   const [entry] = captureCallGraph()?.callStack ?? [];
 *   console.log(entry?.frame.name); // here
 * }
 * await run(here());
 * ```
 */
export class FrameCallGraphEntry {
  /** The function. Python: `asyncio.FrameCallGraphEntry.frame` */
  readonly frame: StackFrame;

  /** @param frame The function. */
  constructor(frame: StackFrame) {
    this.frame = Object.freeze({ ...frame });
    Object.freeze(this);
  }
}

/**
 * A future or task, where it is, and who waits for it. Frozen.
 *
 * In one graph there is one of these for each future, however many wait for it.
 *
 * Python: `asyncio.FutureCallGraph`
 *
 * @example
 * ```ts
 * import { captureCallGraph, createTask, Future, run, sleep } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const future = new Future<void>();
 *   createTask(async () => await future, { name: "ada" });
 *   await sleep(0);
 *   console.log(String(captureCallGraph(future)?.awaitedBy[0]?.future)); // <Task pending name="ada" wait_for=<Future pending>>
 * });
 * ```
 */
export class FutureCallGraph {
  /** The future or task. Python: `asyncio.FutureCallGraph.future` */
  readonly future: Future<unknown>;
  /** Its stack, the innermost function first. Python: `asyncio.FutureCallGraph.call_stack` */
  readonly callStack: readonly FrameCallGraphEntry[];
  /** What waits for it. Python: `asyncio.FutureCallGraph.awaited_by` */
  readonly awaitedBy: readonly FutureCallGraph[];

  /**
   * @param future The future or task.
   * @param callStack Its stack, the innermost function first.
   * @param awaitedBy What waits for it.
   */
  constructor(
    future: Future<unknown>,
    callStack: readonly FrameCallGraphEntry[],
    awaitedBy: readonly FutureCallGraph[],
  ) {
    this.future = future;
    this.callStack = callStack;
    this.awaitedBy = awaitedBy;
    Object.freeze(this);
  }
}

/**
 * Returns who waits for a future or task, who waits for those, and so on, with their stacks.
 *
 * Python: `asyncio.capture_call_graph`
 *
 * Differs: only generators have a stack while they wait. An async function is on the stack only
 *   if it is the one that calls this, as far as the runtime tells. A future that was gathered or
 *   shielded is awaited by what awaits the whole, not by the caller of `gather`.
 *
 * @param future Default: the task that the calling code belongs to.
 * @param options.depth Where the stack of the calling task begins. Default: 1, the calling function.
 * @param options.limit How many frames of each stack: the innermost; if negative, the outermost.
 * @returns `null` if no future was given, and the calling code belongs to no task.
 * @throws {RuntimeError} No future was given, and there is no running loop.
 * @throws {TypeError} It is not a future.
 *
 * @example
 * ```ts
 * import { captureCallGraph, type Coroutine, createTask, run } from "heddle/asyncio";
 *
 * function* child(): Coroutine<void> {
 *   const [parent] = captureCallGraph()?.awaitedBy ?? [];
 *   console.log(String(parent?.future)); // <Task pending name="parent" wait_for=<Task pending name="Task-3">>
 *   console.log(parent?.callStack[0]?.frame.name); // waitForChild
 * }
 *
 * function* waitForChild(): Coroutine<void> {
 *   yield* createTask(child());
 * }
 *
 * await run(function* () {
 *   yield* createTask(waitForChild, { name: "parent" });
 * });
 * ```
 */
export function captureCallGraph(
  future?: Future<unknown> | null,
  options?: CallGraphOptions,
): FutureCallGraph | null {
  const { depth = 1, limit } = checkedOptions(options, ["depth", "limit"], "captureCallGraph");
  checkedInteger(depth, 0, LARGEST, 'captureCallGraph: "depth"');
  // A negative one counts from the other end.
  if (limit !== undefined && limit !== null)
    checkedInteger(limit, -LARGEST, LARGEST, 'captureCallGraph: "limit"');
  const start = checkedStart(future ?? undefined);
  if (start === undefined) return null;
  const here = start === taskOfCaller() && limit !== 0 ? framesOf(stackHere()) : [];
  return graphOf(start, limited(here.slice(Math.max(0, depth - 1)), limit), limit);
}

function checkedStart(future: Future<unknown> | undefined): FutureCore | undefined {
  if (future === undefined) {
    if (loopOfCaller() === undefined) {
      throw new RuntimeError(
        "Cannot capture the call graph: no event loop is running. Pass the future to start from",
      );
    }
    return taskOfCaller();
  }
  const core = coreOf(future);
  if (core !== undefined) return core;
  throw new TypeError(`captureCallGraph: future must be a future or a task, got ${kindOf(future)}`);
}

function graphOf(
  start: FutureCore,
  callStack: readonly FrameCallGraphEntry[],
  limit: number | null | undefined,
): FutureCallGraph {
  const nodes = new Map<FutureCore, FutureCallGraph>();
  const add = (future: FutureCore, stack: readonly FrameCallGraphEntry[]): FutureCallGraph => {
    // Those that users have not made are passed over by awaitersOf.
    const node = new FutureCallGraph(future.face as Future<unknown>, Object.freeze(stack), []);
    nodes.set(future, node);
    return node;
  };
  const first = add(start, callStack.length > 0 ? callStack : stackOf(start, limit));
  // A map is iterated over in the order of insertion, with what is added meanwhile.
  for (const [future, node] of nodes) {
    const awaitedBy = node.awaitedBy as FutureCallGraph[];
    for (const awaiter of awaitersOf(future))
      awaitedBy.push(nodes.get(awaiter) ?? add(awaiter, stackOf(awaiter, limit)));
    Object.freeze(awaitedBy);
  }
  return first;
}

function stackOf(
  future: FutureCore,
  limit: number | null | undefined,
): readonly FrameCallGraphEntry[] {
  if (limit === 0 || !(future instanceof TaskCore)) return [];
  return limited(stackOfTask(future), limit);
}

function limited(
  frames: readonly StackFrame[],
  limit: number | null | undefined,
): FrameCallGraphEntry[] {
  const kept =
    limit === undefined || limit === null
      ? frames
      : limit >= 0
        ? frames.slice(0, limit)
        : frames.slice(limit);
  return kept.map((frame) => new FrameCallGraphEntry(frame));
}
