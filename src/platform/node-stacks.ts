/**
 * Stacks of this agent's workers, busy or blocked, and of the main thread where
 * this agent is a worker: by the inspector, which interrupts a thread for a moment.
 * A wait that is interrupted goes on.
 */
import { Session } from "node:inspector";
import { isMainThread } from "node:worker_threads";

interface CallFrame {
  readonly functionName: string;
  readonly location: {
    readonly scriptId: string;
    readonly lineNumber: number;
    readonly columnNumber?: number | undefined;
  };
}

interface AttachedWorker {
  readonly params: {
    readonly sessionId: string;
    readonly workerInfo: { readonly title: string };
  };
}

interface WorkerMessage {
  readonly params: { readonly sessionId: string; readonly message: string };
}

type DebuggerEvent =
  | {
      readonly method: "Debugger.paused";
      readonly params: { readonly callFrames: readonly CallFrame[] };
    }
  | { readonly method: "Debugger.scriptParsed"; readonly params: Script }
  | { readonly method?: undefined };

interface Script {
  readonly scriptId: string;
  readonly url: string;
}

/** URLs of scripts by id. */
type Scripts = Map<string, string>;

/** What the inspector types lack: the domain of workers. */
interface WorkerSession {
  on(event: "NodeWorker.attachedToWorker", listener: (message: AttachedWorker) => void): void;
  on(
    event: "NodeWorker.receivedMessageFromWorker",
    listener: (message: WorkerMessage) => void,
  ): void;
  post(method: string, params?: object, callback?: (error: Error | null) => void): void;
}

/** Resolves with frames, one a line, by thread id; without those that did not answer within `timeoutMs`. */
export async function threadStacks(timeoutMs: number): Promise<ReadonlyMap<number, string>> {
  return isMainThread ? workerStacks(timeoutMs) : mainStack(timeoutMs);
}

async function workerStacks(timeoutMs: number): Promise<ReadonlyMap<number, string>> {
  const stacks = new Map<number, string>();
  const threads = new Map<string, { threadId: number; scripts: Scripts }>();
  const session = new Session();
  session.connect();
  const workers = session as unknown as WorkerSession;
  const send = (sessionId: string, id: number, method: string): void => {
    const message = JSON.stringify({ id, method });
    workers.post("NodeWorker.sendMessageToWorker", { sessionId, message });
  };
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    workers.on("NodeWorker.attachedToWorker", ({ params: { sessionId, workerInfo } }) => {
      const threadId = Number(/^\[worker (\d+)\]/.exec(workerInfo.title)?.[1] ?? -1);
      threads.set(sessionId, { threadId, scripts: new Map() });
      send(sessionId, 1, "Debugger.enable");
      send(sessionId, 2, "Debugger.pause");
    });
    workers.on("NodeWorker.receivedMessageFromWorker", ({ params }) => {
      const event = JSON.parse(params.message) as DebuggerEvent;
      const thread = threads.get(params.sessionId);
      if (thread === undefined) return;
      if (event.method === "Debugger.scriptParsed") {
        thread.scripts.set(event.params.scriptId, event.params.url);
      }
      if (event.method !== "Debugger.paused") return;
      stacks.set(thread.threadId, formatted(event.params.callFrames, thread.scripts));
      send(params.sessionId, 3, "Debugger.disable");
      if (stacks.size < threads.size) return;
      clearTimeout(timer);
      resolve();
    });
    workers.post("NodeWorker.enable", { waitForDebuggerOnStart: false }, () => {
      if (threads.size > 0) return;
      clearTimeout(timer);
      resolve(); // no workers
    });
  });
  await new Promise<void>((resolve) => workers.post("NodeWorker.disable", {}, () => resolve()));
  session.disconnect();
  return stacks;
}

async function mainStack(timeoutMs: number): Promise<ReadonlyMap<number, string>> {
  const stacks = new Map<number, string>();
  const session = new Session();
  session.connectToMainThread();
  const scripts: Scripts = new Map();
  session.on("Debugger.scriptParsed", ({ params }) => scripts.set(params.scriptId, params.url));
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    session.on("Debugger.paused", ({ params }) => {
      stacks.set(0, formatted(params.callFrames, scripts));
      session.post("Debugger.resume");
      clearTimeout(timer);
      resolve();
    });
    session.post("Debugger.enable");
    session.post("Debugger.pause");
  });
  session.post("Debugger.disable");
  session.disconnect();
  return stacks;
}

function formatted(frames: readonly CallFrame[], scripts: Scripts): string {
  return frames
    .map(({ functionName, location }) => {
      const position = `${scripts.get(location.scriptId) ?? ""}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1}`;
      return functionName === "" ? `at ${position}` : `at ${functionName} (${position})`;
    })
    .join("\n");
}
