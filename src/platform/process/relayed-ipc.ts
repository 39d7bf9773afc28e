/**
 * {@link ChildStarter} for an agent whose children another agent of the process starts and owns.
 *
 * Only the agent that has started a child can collect it when it has ended. A child of an agent that ended
 * first would stay in the system's table, a zombie, until the whole process ends.
 *
 * Requests and events travel through a port, in order; each names the child that it is about. The
 * owner kills the children of an agent whose end of the port is closed. Children end with their
 * owner: what their agent knows of them then is that.
 */
import type { WebURL } from "../../base/web-types.ts";
import { threadEnvironment } from "./child-arguments.ts";
import type { Detour, DetouredChild } from "./detour-address.ts";
import type {
  ControlAnswer,
  ControlRequest,
  ChildStarter,
  IpcChild,
  IpcEvents,
  IpcSettings,
} from "./ipc.ts";

/** One end of a port between two agents. */
export interface RelayPort {
  postMessage(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  ref(): void;
  unref(): void;
}

export type Output = "stdout" | "stderr";

/** From the agent that wants children. */
export type Request = { readonly id: number } & (
  | { readonly kind: "start"; readonly module: string; readonly settings: IpcSettings }
  /** It has been started elsewhere, and listens there. */
  | { readonly kind: "reach"; readonly child: DetouredChild }
  | { readonly kind: "send"; readonly message: unknown }
  | { readonly kind: "kill"; readonly signal: string }
  | { readonly kind: "stop" }
  | { readonly kind: "ask"; readonly request: ControlRequest }
  /** For its standard input; undefined ends that. */
  | { readonly kind: "write"; readonly chunk: Uint8Array | undefined }
  /** One more chunk of what it prints is wanted. */
  | { readonly kind: "read"; readonly output: Output }
);

/** From their owner. */
export type Report = { readonly id: number } & (
  | {
      readonly kind: "started";
      readonly pid: number;
      readonly outputs: readonly Output[];
      readonly detour: Detour | undefined;
    }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "message"; readonly message: unknown }
  | { readonly kind: "answer"; readonly answer: ControlAnswer }
  | {
      readonly kind: "ended";
      readonly exitCode: number | undefined;
      readonly signal: string | undefined;
      readonly signalNumber: number | undefined;
    }
  /** What was to be written first is, or is not. */
  | { readonly kind: "written"; readonly error: string | undefined }
  /** Undefined at its end. */
  | { readonly kind: "chunk"; readonly output: Output; readonly chunk: Uint8Array | undefined }
);

/** Starts children through the agent that serves the other end of the port. */
export class RelayedIpc implements ChildStarter {
  readonly #port: RelayPort;
  readonly #children = new Map<number, RelayedChild>();
  #count = 0;
  #holders = 0;
  /** The owner has ended. */
  #isClosed = false;

  constructor(port: RelayPort) {
    this.#port = port;
    port.onMessage((message) => this.#receive(message as Report));
    port.onClose(() => this.#close());
    port.unref();
  }

  start(module: WebURL, settings: IpcSettings, events: IpcEvents): void {
    if (this.#isClosed) return queueMicrotask(() => events.failed(ownerEnded()));
    const id = this.#count++;
    this.#children.set(id, new RelayedChild(this, id, events));
    const env = settings.env ?? threadEnvironment();
    this.request({ id, kind: "start", module: module.href, settings: { ...settings, env } });
  }

  /** Opens the second lane to a child that was started otherwise. Its messages, and its end, are reported. */
  reach(
    child: DetouredChild,
    events: IpcEvents,
  ): Pick<IpcChild, "send" | "ask" | "stop" | "signalNumber"> {
    const id = this.#count++;
    const reached = new RelayedChild(this, id, events);
    this.#children.set(id, reached);
    this.request({ id, kind: "reach", child });
    return reached;
  }

  request(request: Request): void {
    this.#port.postMessage(request);
  }

  hold(): void {
    if (this.#holders++ === 0) this.#port.ref();
  }

  release(): void {
    if (--this.#holders === 0) this.#port.unref();
  }

  forget(id: number): void {
    this.#children.delete(id);
  }

  #receive(report: Report): void {
    this.#children.get(report.id)?.receive(report);
  }

  #close(): void {
    this.#isClosed = true;
    for (const child of this.#children.values()) child.lose();
  }
}

const ownerEnded = (): Error =>
  new Error("the thread that starts the processes of this one has ended");

/** How a child has ended whose owner did first. */
const UNKNOWN = { exitCode: undefined, signal: undefined, signalNumber: undefined };

class RelayedChild implements IpcChild {
  readonly #ipc: RelayedIpc;
  readonly #id: number;
  readonly #events: IpcEvents;
  readonly #outputs = new Map<Output, RelayedOutput>();
  detour: Detour | undefined;
  /** Of what is being written. */
  #writing: ((error: string | undefined) => void)[] = [];
  #pid = 0;
  #isHeld = false;
  #hasEnded = false;
  #signalNumber: number | undefined;

  constructor(ipc: RelayedIpc, id: number, events: IpcEvents) {
    this.#ipc = ipc;
    this.#id = id;
    this.#events = events;
  }

  get pid(): number {
    return this.#pid;
  }

  get stdout(): AsyncIterable<Uint8Array> | undefined {
    return this.#outputs.get("stdout");
  }

  get stderr(): AsyncIterable<Uint8Array> | undefined {
    return this.#outputs.get("stderr");
  }

  write(chunk: Uint8Array | undefined, done: (error: string | undefined) => void): void {
    if (this.#hasEnded) return done(OVER);
    this.#writing.push(done);
    this.#ipc.request({ id: this.#id, kind: "write", chunk });
  }

  send(message: unknown): void {
    if (!this.#hasEnded) this.#ipc.request({ id: this.#id, kind: "send", message });
  }

  kill(signal: string): void {
    if (!this.#hasEnded) this.#ipc.request({ id: this.#id, kind: "kill", signal });
  }

  stop(): void {
    if (!this.#hasEnded) this.#ipc.request({ id: this.#id, kind: "stop" });
  }

  ask(request: ControlRequest): void {
    if (!this.#hasEnded) this.#ipc.request({ id: this.#id, kind: "ask", request });
  }

  /** That of the signal which has ended it. */
  signalNumber(): number {
    return this.#signalNumber as number;
  }

  ref(): void {
    if (this.#isHeld || this.#hasEnded) return;
    this.#isHeld = true;
    this.#ipc.hold();
  }

  unref(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#ipc.release();
  }

  receive(report: Report): void {
    switch (report.kind) {
      case "started":
        this.#pid = report.pid;
        this.detour = report.detour;
        for (const output of report.outputs) {
          this.#outputs.set(output, new RelayedOutput(this.#ipc, this.#id, output));
        }
        return this.#events.started(this);
      case "failed":
        this.#ipc.forget(this.#id);
        return this.#events.failed(report.error);
      case "message":
        return this.#events.message(report.message);
      case "answer":
        return this.#events.answer?.(report.answer);
      case "written":
        return this.#writing.shift()?.(report.error);
      case "chunk":
        this.#outputs.get(report.output)?.receive(report.chunk);
        return this.#forgetIfOver();
      default:
        this.#hasEnded = true;
        for (const done of this.#writing.splice(0)) done(OVER);
        this.#signalNumber = report.signalNumber;
        this.unref();
        this.#forgetIfOver();
        return this.#events.ended(report.exitCode, report.signal);
    }
  }

  /** Its owner has ended, and it with that. */
  lose(): void {
    if (this.#pid === 0) return this.receive({ id: this.#id, kind: "failed", error: ownerEnded() });
    for (const output of this.#outputs.values()) output.lose();
    if (!this.#hasEnded) this.receive({ id: this.#id, kind: "ended", ...UNKNOWN });
  }

  #forgetIfOver(): void {
    const outputs = [...this.#outputs.values()];
    if (this.#hasEnded && outputs.every(({ isOver }) => isOver)) this.#ipc.forget(this.#id);
  }
}

/** Why nothing can be written. */
const OVER = "it has ended";

/** What a child prints, a chunk for each request. */
class RelayedOutput implements AsyncIterableIterator<Uint8Array> {
  readonly #ipc: RelayedIpc;
  readonly #id: number;
  readonly #output: Output;
  readonly #waiting: ((result: IteratorResult<Uint8Array>) => void)[] = [];
  isOver = false;

  constructor(ipc: RelayedIpc, id: number, output: Output) {
    this.#ipc = ipc;
    this.#id = id;
    this.#output = output;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    if (this.isOver) return { done: true, value: undefined };
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#ipc.hold();
      this.#ipc.request({ id: this.#id, kind: "read", output: this.#output });
    });
  }

  receive(chunk: Uint8Array | undefined): void {
    this.isOver ||= chunk === undefined;
    this.#ipc.release();
    this.#waiting.shift()?.(
      chunk === undefined ? { done: true, value: undefined } : { value: chunk },
    );
  }

  /** Nothing more will come. */
  lose(): void {
    this.isOver = true;
    while (this.#waiting.length > 0) this.receive(undefined);
  }
}
