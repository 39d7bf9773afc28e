/** The parent's side of detour.ts, in a thread that does not block. */
import { fs, net, os } from "../builtins.ts";
import type { Socket } from "node:net";
import { answerIn, lineOf, onLines } from "./control-lines.ts";
import { FOR_MESSAGES, FOR_REQUESTS, framed, FramesIn } from "./detour.ts";
import type { DetouredChild } from "./detour-address.ts";
import { type ControlRequest, type IpcChild, type IpcEvents, TERM_MS } from "./ipc.ts";

/** How long to wait before another attempt to reach a child that is not listening yet, in milliseconds. */
const RETRY_MS = 10;
/** How long to go on where it cannot be seen whether the child lives. */
const GIVE_UP_MS = 10_000;
/** How long a child may take to end after its sockets have closed. */
const LAST_MS = 500;

/** Opens the second lane to a child. */
export function reachChild(child: DetouredChild, events: IpcEvents): IpcChild {
  const reached = new ReachedChild(child, events);
  queueMicrotask(() => events.started(reached));
  return reached;
}

class ReachedChild implements IpcChild {
  readonly #child: DetouredChild;
  readonly #events: IpcEvents;
  readonly #giveUpAtMs = performance.now() + GIVE_UP_MS;
  readonly #frames = new FramesIn();
  /** What cannot be written yet; undefined once it can. */
  #waiting: Uint8Array[] | undefined = [];
  #write: ((bytes: Uint8Array) => void) | undefined;
  #isOver = false;
  /** The socket for requests; what they are until it is open. */
  #requests: Socket | undefined;
  #waitingRequests = "";
  readonly stdout = undefined;
  readonly stderr = undefined;

  constructor(child: DetouredChild, events: IpcEvents) {
    this.#child = child;
    this.#events = events;
    this.#connect();
  }

  get pid(): number {
    return this.#child.pid;
  }

  send(message: unknown): void {
    const frame = framed(message);
    if (this.#waiting === undefined) this.#write?.(frame);
    else this.#waiting.push(frame);
  }

  ref(): void {}

  unref(): void {}

  stop(): void {
    this.#signal("SIGTERM");
    setTimeout(() => {
      if (!this.#isOver) this.#signal("SIGKILL");
    }, TERM_MS);
  }

  ask(request: ControlRequest): void {
    if (this.#requests === undefined) this.#waitingRequests += lineOf(request);
    else this.#requests.write(lineOf(request));
  }

  kill(): void {} // the first lane can

  signalNumber(signal: string): number {
    return os().constants.signals[signal as NodeJS.Signals];
  }

  #connect(): void {
    let isConnected = false;
    const socket = net().connect(this.#child.path);
    socket.on("connect", () => {
      isConnected = true;
      socket.write(this.#child.token + FOR_MESSAGES);
      this.#write = (bytes) => void socket.write(bytes);
      for (const frame of this.#waiting ?? []) this.#write(frame);
      this.#waiting = undefined;
      this.#connectRequests();
    });
    socket.on("data", (chunk) => {
      for (const message of this.#frames.push(chunk)) this.#events.message(message);
    });
    socket.on("error", () => undefined); // its end follows
    socket.on("close", () => {
      if (isConnected) this.#end(performance.now() + LAST_MS);
      else if (seeProcess(this.#child.pid) !== undefined) this.#end(0);
      else if (performance.now() < this.#giveUpAtMs) setTimeout(() => this.#connect(), RETRY_MS);
      else this.#giveUp();
    });
  }

  /** Reports its end, with what can be seen of it until then. */
  #end(untilMs: number): void {
    const seen = seeProcess(this.#child.pid);
    if (seen === undefined && performance.now() < untilMs) {
      setTimeout(() => this.#end(untilMs), 5);
    } else if (!this.#isOver) {
      this.#isOver = true;
      this.#events.ended(seen?.exitCode, seen?.signal);
    }
  }

  #connectRequests(): void {
    const socket = net().connect(this.#child.path);
    socket.on("error", () => undefined); // the child has ended
    socket.write(this.#child.token + FOR_REQUESTS + this.#waitingRequests);
    onLines(socket, (line) => this.#events.answer?.(answerIn(line)));
    this.#requests = socket;
  }

  #giveUp(): void {
    this.#signal("SIGKILL"); // what it does will not be known
    this.#end(0);
  }

  #signal(name: "SIGTERM" | "SIGKILL"): void {
    try {
      process.kill(this.#child.pid, name);
    } catch {
      // It has ended.
    }
  }
}

interface Seen {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
}

/**
 * How a process has ended, which its parent has not collected since it blocks. Undefined where it
 * runs, or that cannot be seen: Linux alone shows it.
 */
function seeProcess(pid: number): Seen | undefined {
  let text: string;
  try {
    text = fs().readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch (error) {
    const isGone = (error as { code?: string }).code === "ENOENT" && fs().existsSync("/proc/self");
    return isGone ? { exitCode: undefined, signal: undefined } : undefined;
  }
  // The program's name, in parentheses, may hold anything.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (fields[0] !== "Z" && fields[0] !== "X") return undefined;
  const status = Number(fields[49]);
  const number = status & 0x7f;
  if (number === 0) return { exitCode: status >> 8, signal: undefined };
  const signals = Object.entries(os().constants.signals);
  return { exitCode: undefined, signal: signals.find(([, n]) => n === number)?.[0] };
}
