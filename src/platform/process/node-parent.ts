/**
 * The parent, as a child sees it that node-children.ts has started; that file's head says how the
 * child ends with it.
 */
import type { Worker } from "node:worker_threads";
import { bare } from "../../base/options.ts";
import { workerThreads } from "../builtins.ts";
import { type ChildArguments, childArguments, socketPath } from "./child-arguments.ts";
import { ANSWERING } from "./control-lines.ts";
import { DETOUR_THREAD, framed, FramesIn } from "./detour.ts";
import { takeDetour } from "./detour-address.ts";
import type { Controller, IpcParent } from "./ipc.ts";
import { Session } from "./session.ts";

/** How often to look whether the parent lives that has not accepted the lifeline, in milliseconds. */
const LOOK_MS = 100;

/**
 * Runs in the thread that ends the process with its parent, and answers it.
 *
 * On Deno a child inherits the socket on which its parent listens. A lifeline that the parent has not
 * accepted therefore stays open when the parent dies: until its first line has come, the thread looks.
 */
const LIFELINE_THREAD = `
const { connect } = require("node:net");
const { parentPort, workerData } = require("node:worker_threads");
${ANSWERING}
const end = () => process.kill(process.pid, "SIGKILL");
const { parent } = workerData;
const isOwnChild = process.ppid === parent;
const isGone = () => {
  if (isOwnChild) return process.ppid !== parent;
  try {
    process.kill(parent, 0);
  } catch (error) {
    return error.code === "ESRCH";
  }
};
const looking = setInterval(() => isGone() && end(), ${LOOK_MS});
const socket = connect(workerData.lifeline).on("error", () => {}).on("close", end);
socket.once("data", () => clearInterval(looking));
socket.on("data", answering(socket)).write(workerData.token + "\\n");
`;

/** How long the end of this process may be held up by what it has not sent yet, in milliseconds. */
const LAST_WRITE_MS = 1000;

export class Parent implements IpcParent {
  readonly #detour = takeDetour();
  /** There where the parent may block. */
  readonly #session =
    this.#detour && new Session(sendDirectly, (message) => this.#listener(message));
  #listener: (message: unknown) => void = () => undefined;

  constructor() {
    process.once("disconnect", () => process.exit());
    if (childArguments()?.ignoresInterrupts === true) process.on("SIGINT", () => undefined);
  }

  exit(code?: number): never {
    // Node takes undefined as an order to forget the code that has been set.
    if (code === undefined) process.exit();
    process.exit(code);
  }

  send(message: unknown): void {
    if (this.#session === undefined) sendDirectly(message);
    else this.#session.send(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
    const session = this.#session;
    process.on("message", session ? (message) => session.receive(message) : listener);
  }

  ref(): void {
    (process.channel as Partial<NonNullable<typeof process.channel>> | undefined)?.ref?.();
  }

  unref(): void {
    (process.channel as Partial<NonNullable<typeof process.channel>> | undefined)?.unref?.();
  }

  endWithParent(controller: Controller): void {
    const { lifeline: address, token, parent } = childArguments() as ChildArguments;
    const written = new Int32Array(new SharedArrayBuffer(4));
    const data = {
      ...controller,
      lifeline: socketPath(address),
      token,
      parent: parent.pid,
      detour: this.#detour,
      written,
    };
    const text = this.#detour === undefined ? LIFELINE_THREAD : LIFELINE_THREAD + DETOUR_THREAD;
    const thread = new (workerThreads().Worker)(
      text,
      // It prints nothing: with its own streams, those of this thread are not opened for it.
      bare({ eval: true, workerData: data, execArgv: [] as string[], stdout: true, stderr: true }),
    );
    thread.unref();
    thread.once("error", (error) => {
      throw error; // ends the process
    });
    if (this.#session !== undefined) changeOverTo(thread, written, this.#session);
  }
}

function sendDirectly(message: unknown): void {
  process.send?.(message, () => undefined); // once the channel is closed, this process is about to end
}

/** The thread says when the parent has connected, and passes on what it receives. */
function changeOverTo(thread: Worker, written: Int32Array, session: Session): void {
  const frames = new FramesIn();
  let posted = 0;
  thread.on("message", (chunk: Uint8Array | null) => {
    if (chunk !== null) {
      for (const message of frames.push(chunk)) session.receiveChanged(message);
      return;
    }
    session.changeOver((message) => {
      posted++;
      const frame = framed(message);
      thread.postMessage(frame, [frame.buffer as ArrayBuffer]);
    });
    process.on("exit", () => {
      // The thread ends with the process: what it has not written would be lost.
      const endMs = performance.now() + LAST_WRITE_MS;
      for (let count; (count = Atomics.load(written, 0)) < posted;) {
        const leftMs = endMs - performance.now();
        if (leftMs <= 0 || Atomics.wait(written, 0, count, leftMs) === "timed-out") return;
      }
    });
  });
}
