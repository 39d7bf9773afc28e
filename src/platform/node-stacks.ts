/**
 * Stacks of this agent's workers, busy or blocked, and of the main thread where
 * this agent is a worker: by the inspector, which has a thread evaluate an
 * expression in the middle of whatever it does, and go on.
 *
 * The thread is never paused. A pause may outlive the session that asked for it: a
 * thread that is asked just before the session ends stays paused for ever, and one
 * whose event loop has nothing to do is paused by whatever happens next in it.
 */
import { inspector, workerThreads } from "./builtins.ts";

interface AttachedWorker {
  readonly params: {
    readonly sessionId: string;
    readonly workerInfo: { readonly title: string };
  };
}

interface DetachedWorker {
  readonly params: { readonly sessionId: string };
}

interface WorkerMessage {
  readonly params: { readonly sessionId: string; readonly message: string };
}

/** What comes of an evaluation: no value if it threw. */
interface Evaluated {
  readonly result?: { readonly value?: unknown };
}

/** What the inspector types lack: the domain of workers. */
interface WorkerSession {
  on(event: "NodeWorker.attachedToWorker", listener: (message: AttachedWorker) => void): void;
  on(event: "NodeWorker.detachedFromWorker", listener: (message: DetachedWorker) => void): void;
  on(
    event: "NodeWorker.receivedMessageFromWorker",
    listener: (message: WorkerMessage) => void,
  ): void;
  post(method: string, params?: object, callback?: (error: Error | null) => void): void;
}

/** The whole stack, as the engine writes it, of the code that the evaluation interrupts. */
const STACK = `(() => {
  "use strict";
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.prepareStackTrace = undefined;
    Error.stackTraceLimit = Infinity;
    return new Error().stack;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
})()`;

const EVALUATE = "Runtime.evaluate";
const EVALUATION = { expression: STACK, silent: true, returnByValue: true };

/** A frame of a module or of the runtime, rather than of the expression or a builtin function. */
const FRAME = /^\s*at (?!<anonymous>).*:\d+:\d+\)?$/;

/** Resolves with frames, one a line, by thread id; without those that did not answer within `timeoutMs`. */
export async function threadStacks(timeoutMs: number): Promise<ReadonlyMap<number, string>> {
  return workerThreads().isMainThread ? workerStacks(timeoutMs) : mainStack(timeoutMs);
}

async function workerStacks(timeoutMs: number): Promise<ReadonlyMap<number, string>> {
  const stacks = new Map<number, string>();
  const threadIds = new Map<string, number>();
  const session = new (inspector().Session)();
  session.connect();
  const workers = session as unknown as WorkerSession;
  await new Promise<void>((resolve) => {
    let unanswered = new Set<string>();
    const timer = setTimeout(resolve, timeoutMs);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const expectNoMoreOf = (sessionId: string): void => {
      if (unanswered.delete(sessionId) && unanswered.size === 0) end();
    };
    workers.on("NodeWorker.attachedToWorker", ({ params: { sessionId, workerInfo } }) => {
      threadIds.set(sessionId, Number(/^\[worker (\d+)\]/.exec(workerInfo.title)?.[1] ?? -1));
    });
    workers.on("NodeWorker.detachedFromWorker", ({ params }) => expectNoMoreOf(params.sessionId));
    workers.on("NodeWorker.receivedMessageFromWorker", ({ params: { sessionId, message } }) => {
      const { result } = JSON.parse(message) as { readonly result?: Evaluated };
      note(stacks, threadIds.get(sessionId), result);
      expectNoMoreOf(sessionId);
    });
    workers.post("NodeWorker.enable", { waitForDebuggerOnStart: false }, () => {
      // All workers are attached only now. They may answer before the next one is asked.
      unanswered = new Set(threadIds.keys());
      if (unanswered.size === 0) end();
      const message = JSON.stringify({ id: 1, method: EVALUATE, params: EVALUATION });
      for (const sessionId of threadIds.keys()) {
        workers.post("NodeWorker.sendMessageToWorker", { sessionId, message });
      }
    });
  });
  await new Promise<void>((resolve) => workers.post("NodeWorker.disable", {}, () => resolve()));
  session.disconnect();
  return stacks;
}

async function mainStack(timeoutMs: number): Promise<ReadonlyMap<number, string>> {
  const stacks = new Map<number, string>();
  const session = new (inspector().Session)();
  session.connectToMainThread();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    session.post(EVALUATE, EVALUATION, (_, result?: Evaluated) => {
      note(stacks, 0, result);
      clearTimeout(timer);
      resolve();
    });
  });
  session.disconnect();
  return stacks;
}

/** Keeps the frames; a thread that runs nothing has none. */
function note(
  stacks: Map<number, string>,
  threadId: number | undefined,
  evaluated: Evaluated | undefined,
): void {
  const stack = evaluated?.result?.value;
  if (threadId === undefined || typeof stack !== "string") return;
  const frames = stack.split("\n").filter((line) => FRAME.test(line));
  if (frames.length > 0) stacks.set(threadId, frames.map((line) => line.trim()).join("\n"));
}
