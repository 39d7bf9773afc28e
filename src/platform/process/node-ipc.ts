/**
 * {@link Ipc} over the IPC channel of `node:child_process`, which Deno and Bun have too. Loaded
 * when first needed.
 *
 * A child ends with its parent in three ways, each of which covers what the others cannot:
 * the parent kills its children when it exits; a child whose event loop turns sees the channel
 * close; and a thread of the child's, its only one that never runs other code, sees the end of
 * a socket to the parent, its *lifeline*, while the main thread computes or blocks. That
 * thread must wait by an event: one that blocks in a read would keep Node from exiting. It also
 * carries messages once the parent's thread blocks (detour.ts).
 *
 * The lifeline carries lines besides: from the child first its token, by which the parent knows whose
 * lifeline it is; then requests and answers (control-lines.ts).
 */
import type { ChildProcess, SpawnOptions } from "node:child_process";
import type { Worker } from "node:worker_threads";
import { bare } from "../../base/options.ts";
import { checkedSignal, childProcess, fs, net, os, urls, workerThreads } from "../builtins.ts";
import type { WebURL } from "../../base/web-types.ts";
import { localPath } from "../net/local-path.ts";
import {
  type ChildArguments,
  childArguments,
  MAIN_PROCESS,
  threadEnvironment,
  writeChildArguments,
} from "./child-arguments.ts";
import { ANSWERING, answerIn, lineOf, onLines } from "./control-lines.ts";
import { DETOUR_THREAD, framed, FramesIn } from "./detour.ts";
import { type Detour, newDetour, takeDetour, withDetour } from "./detour-address.ts";
import { Session } from "./session.ts";
import type { Socket } from "node:net";
import {
  type Controller,
  type ControlRequest,
  type Ipc,
  type IpcChild,
  type IpcEvents,
  type IpcParent,
  type IpcSettings,
  TERM_MS,
} from "./ipc.ts";

/** How long the other one of a child's two last events may be outstanding, in milliseconds. */
const LAST_EVENT_MS = 500;

/**
 * What the runtime's program needs on its command line before a child's module.
 *
 * @param given Flags that the child gets in place of this process's own.
 */
export type ChildFlags = (given: readonly string[] | undefined) => readonly string[];

export function nodeIpc(flags: ChildFlags, entryUrl: () => string | undefined): Ipc {
  return {
    start(module, settings, events) {
      void startChild(module, settings, { flags, entryUrl }, events);
    },
    parent: () => new Parent(),
  };
}

// The parent's side.

const living = new Set<ChildProcess>();

/** The lifelines of children, by token, once both the child is known and it has connected. */
const sides = new Map<string, Side>();
let tokens = 0;

/** The parent's end of a child's lifeline. */
class Side {
  #socket: Socket | undefined;
  /** Requests from before it has connected. */
  #waiting = "";
  onLine: (line: string) => void = () => undefined;

  connect(socket: Socket): void {
    this.#socket = socket;
    if (this.#waiting !== "") socket.write(this.#waiting);
  }

  send(line: string): void {
    if (this.#socket === undefined) this.#waiting += line;
    else this.#socket.write(line);
  }
}

/** Where children connect their lifelines. */
let lifeline: Promise<string> | undefined;

async function startChild(
  module: WebURL,
  settings: IpcSettings,
  own: { readonly flags: ChildFlags; readonly entryUrl: () => string | undefined },
  events: IpcEvents,
): Promise<void> {
  let child: ChildProcess;
  const token = String(tokens++);
  const { identity, ignoresInterrupts, cwd, execArgv } = settings;
  // Of itself, Deno gives a thread's child the main thread's.
  const { env, detour } = environmentOf(settings);
  const { stdin = "ignore", stdout = "inherit", stderr = "inherit" } = settings;
  try {
    const before = own.flags(execArgv);
    lifeline ??= openLifeline().catch((error: unknown) => {
      lifeline = undefined; // the next child tries again
      throw error;
    });
    const entry = own.entryUrl();
    const parent = { name: childArguments()?.name ?? MAIN_PROCESS, pid: process.pid };
    const given = writeChildArguments({
      ...identity,
      parent,
      ignoresInterrupts,
      entry,
      lifeline: await lifeline,
      token,
    });
    const command = [...before, pathOf(module), ...given];
    // The runtimes say of a missing directory that the program is missing.
    if (cwd !== undefined && !fs().statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Error(`there is no directory ${JSON.stringify(cwd)}`);
    }
    const options: SpawnOptions = {
      stdio: [stdin, stdout, stderr, "ipc"],
      serialization: "advanced",
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env: bare(env) }),
    };
    child = childProcess().spawn(process.execPath, command, bare(options));
    child.stdin?.on("error", () => undefined); // each write reports it
  } catch (error) {
    return events.failed(error);
  }
  watch(child, token, events, detour);
}

/** The child's environment, undefined for ours; and where it listens, which is in it. */
function environmentOf({ env, mayChangeOver }: IpcSettings): {
  readonly env: Readonly<Record<string, string>> | undefined;
  readonly detour: Detour | undefined;
} {
  const needsCopy = mayChangeOver === true || !workerThreads().isMainThread;
  const own = env ?? (needsCopy ? threadEnvironment() : undefined);
  if (mayChangeOver !== true || own === undefined) return { env: own, detour: undefined };
  const detour = newDetour();
  return { env: withDetour(own, detour), detour };
}

function pathOf({ href }: WebURL): string {
  return href.startsWith("file:") ? urls().fileURLToPath(href) : href;
}

function watch(
  child: ChildProcess,
  token: string,
  events: IpcEvents,
  detour: Detour | undefined,
): void {
  const side = new Side();
  sides.set(token, side);
  side.onLine = (line) => events.answer?.(answerIn(line));
  let hasStarted = false;
  let isConnected = true;
  let isOver = false;
  let exit: { readonly code: number | null; readonly signal: string | null } | undefined;
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    sides.delete(token);
    events.ended(exit?.code ?? undefined, exit?.signal ?? undefined);
  };
  child.once("spawn", () => {
    hasStarted = true;
    if (living.size === 0) process.once("exit", killLiving);
    living.add(child);
    letGo(child);
    events.started(new Child(child, side, detour));
  });
  child.on("error", (error) => {
    // Later ones are about messages that a dead child did not take.
    if (hasStarted) return;
    sides.delete(token);
    events.failed(error);
  });
  child.on("message", (message) => events.message(message));
  // The order of these two differs, and its last messages come before the second.
  child.once("exit", (code, signal) => {
    exit = { code, signal };
    living.delete(child);
    if (living.size === 0) process.off("exit", killLiving);
    if (isConnected) setTimeout(end, LAST_EVENT_MS);
    else end();
  });
  child.once("disconnect", () => {
    isConnected = false;
    if (exit !== undefined) return end();
    // It lives, and can do nothing for us any more; or the runtime has missed its exit.
    setTimeout(() => {
      child.kill("SIGKILL");
      setTimeout(end, LAST_EVENT_MS);
    }, LAST_EVENT_MS).unref();
  });
}

function killLiving(): void {
  for (const child of living) child.kill("SIGKILL");
}

/** A child's channel. On Bun it is held, and let go, with the child. */
function channelOf(child: ChildProcess): { ref?(): void; unref?(): void } | null | undefined {
  return child.channel;
}

function letGo(child: ChildProcess): void {
  child.unref();
  channelOf(child)?.unref?.();
}

class Child implements IpcChild {
  readonly detour: Detour | undefined;
  readonly #child: ChildProcess;
  readonly #side: Side;

  constructor(child: ChildProcess, side: Side, detour: Detour | undefined) {
    this.detour = detour;
    this.#child = child;
    this.#side = side;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get stdout(): AsyncIterable<Uint8Array> | undefined {
    return this.#child.stdout ?? undefined;
  }

  get stderr(): AsyncIterable<Uint8Array> | undefined {
    return this.#child.stderr ?? undefined;
  }

  write(chunk: Uint8Array | undefined, done: (error: string | undefined) => void): void {
    const written = (error?: Error | null): void => done(error?.message);
    if (chunk === undefined) this.#child.stdin?.end(written);
    else this.#child.stdin?.write(chunk, written);
  }

  send(message: unknown): void {
    if (!this.#child.connected) return;
    this.#child.send(message as object, () => undefined); // its end is reported otherwise
  }

  ref(): void {
    this.#child.ref();
    channelOf(this.#child)?.ref?.();
  }

  unref(): void {
    letGo(this.#child);
  }

  kill(signal: string): void {
    this.#child.kill(checkedSignal(signal, "send a signal") as NodeJS.Signals);
  }

  stop(): void {
    this.kill("SIGTERM");
    const timer = setTimeout(() => this.kill("SIGKILL"), TERM_MS);
    this.#child.once("exit", () => clearTimeout(timer));
  }

  ask(request: ControlRequest): void {
    this.#side.send(lineOf(request));
  }

  signalNumber(signal: string): number {
    return os().constants.signals[signal as NodeJS.Signals];
  }
}

/** Opens a socket that stays open for as long as this agent lives, and returns its name. */
function openLifeline(): Promise<string> {
  const address = localPath(`heddle-${process.pid}-${crypto.randomUUID()}`).replace("\0", "@");
  return new Promise((resolve, reject) => {
    const server = net().createServer((connection) => {
      connection.on("error", () => undefined);
      connection.unref();
      let side: Side | undefined;
      onLines(connection, (line) => {
        if (side !== undefined) return side.onLine(line);
        side = sides.get(line);
        side?.connect(connection);
      });
    });
    server.once("error", reject);
    server.listen(socketPath(address), () => resolve(address));
    server.unref();
  });
}

/** A command line cannot hold the NUL with which such a name begins. */
function socketPath(address: string): string {
  return address.replace(/^@/, "\0");
}

// The child's side.

/** Runs in the thread that ends the process with its parent, and answers it. */
const LIFELINE_THREAD = `
const { connect } = require("node:net");
const { parentPort, workerData } = require("node:worker_threads");
${ANSWERING}
const socket = connect(workerData.lifeline)
  .on("error", () => {})
  .on("close", () => process.kill(process.pid, "SIGKILL"));
socket.on("data", answering(socket)).write(workerData.token + "\\n");
`;

/** How long the end of this process may be held up by what it has not sent yet, in milliseconds. */
const LAST_WRITE_MS = 1000;

class Parent implements IpcParent {
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
    const { lifeline: address, token } = childArguments() as ChildArguments;
    const written = new Int32Array(new SharedArrayBuffer(4));
    const data = {
      ...controller,
      lifeline: socketPath(address),
      token,
      detour: this.#detour,
      written,
    };
    const text = this.#detour === undefined ? LIFELINE_THREAD : LIFELINE_THREAD + DETOUR_THREAD;
    const thread = new (workerThreads().Worker)(
      text,
      bare({ eval: true, workerData: data, execArgv: [] as string[] }),
    );
    thread.unref();
    thread.once("error", (error) => {
      throw error; // ends the process
    });
    if (this.#session !== undefined) changeOverTo(thread, written, this.#session);
  }
}

function sendDirectly(message: unknown): void {
  process.send?.(message, () => undefined); // where there is no channel any more, the end is near
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
