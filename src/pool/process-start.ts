/** What every process of a pool does first. */
import { server } from "#platform";
import { mismatch } from "../base/release.ts";
import { CallControl, CONTROLLER_TEXT } from "../memory/call-control.ts";
import { pumpInUse } from "../waiting/pump.ts";
import type {
  ChildInit,
  FatalMessage,
  ReadyMessage,
  RefusedMessage,
} from "../agents/process-agent.ts";
import type { Port } from "../platform/platform.ts";
import type { IpcParent } from "../platform/process/ipc.ts";
import { Parent } from "../platform/process/node-parent.ts";
import { ReceivedSignals } from "./signals.ts";
import { MessageWorker } from "./message-worker.ts";
import type { PoolWorkerInit } from "./messages.ts";
import { processCodec } from "./process-codec.ts";
import { moduleOf, WorkerFunctions } from "./worker-functions.ts";
import { initialize, report } from "./worker-start.ts";
import type { Wrappers } from "./wrapping.ts";

const READY: ReadyMessage = { kind: "ready" };

/**
 * Makes this process one of the pool that started it.
 *
 * @param exitCode Asked when the process is to end: the code, unless it is that which the user's code has set.
 */
export async function startProcess(
  wrappers: Wrappers,
  exitCode: () => number | undefined,
): Promise<void> {
  server.writeOutputDirectly();
  const parent = new Parent();
  const port = new ParentPort(parent);
  parent.send(READY);
  // Before any code of the user's, which may never let go of this thread. Another thread does it.
  const memory = new SharedArrayBuffer(CallControl.bytes);
  parent.endWithParent({ memory, controller: CONTROLLER_TEXT });
  const { protocol, payload } = (await port.next()) as ChildInit;
  const refusal = mismatch(protocol);
  // The parent ends this process then.
  if (refusal !== undefined)
    return parent.send({ kind: "refused", why: refusal } satisfies RefusedMessage);
  const { functions, initializer } = payload as PoolWorkerInit;
  const known = new WorkerFunctions(functions, wrappers);
  const codec = processCodec(() => [moduleOf(initializer?.reference), ...known.modules()]);
  server.onFatalError((error) => {
    const thrown = codec.packThrown(error);
    const message: FatalMessage = { kind: "fatal", thrown };
    parent.send(message);
  });
  const failure =
    initializer &&
    (await initialize(initializer, codec, async (args) =>
      codec.unpackArguments(args as readonly unknown[]),
    ));
  if (failure !== undefined) {
    await report(failure.thrown, port);
    server.exit(1);
  }
  const end = (): void => afterThreads(() => parent.exit(exitCode()));
  const control = new CallControl(new Int32Array(memory));
  const signals = new ReceivedSignals();
  new MessageWorker({ port, functions: known, codec, signals, control, end }).start();
}

/** Calls back once nothing is left that a program lives for, as threads that are not daemons. */
function afterThreads(listener: () => void): void {
  const pump = pumpInUse();
  if (pump?.isKeptAlive !== true) return listener();
  pump.onceNotKeptAlive(() => afterThreads(listener));
}

/** The channel to the parent; what comes before it is listened to waits in it. */
class ParentPort implements Port {
  readonly #parent: IpcParent;
  readonly #waiting: unknown[] = [];
  #listener: ((message: unknown) => void) | undefined;
  readonly raw: object = this;

  constructor(parent: IpcParent) {
    this.#parent = parent;
    parent.onMessage((message) => {
      if (this.#listener === undefined) this.#waiting.push(message);
      else this.#listener(message);
    });
  }

  /** The next message. */
  next(): Promise<unknown> {
    return new Promise((resolve) => {
      this.onMessage((message) => {
        this.#listener = undefined;
        resolve(message);
      });
    });
  }

  postMessage(message: unknown): void {
    this.#parent.send(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
    while (this.#listener !== undefined && this.#waiting.length > 0) {
      this.#listener(this.#waiting.shift());
    }
  }

  onClose(): void {} // the process ends then

  ref(): void {
    this.#parent.ref();
  }

  unref(): void {
    this.#parent.unref();
  }

  close(): void {}
}
