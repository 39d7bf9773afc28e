/**
 * Starts child processes by `node:child_process`, which Deno and Bun have too, with its IPC
 * channel. Loaded when first needed. What it says of itself to a child, the child reads in node-parent.ts.
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
import type { Socket } from "node:net";
import { bare } from "../../base/options.ts";
import type { WebURL } from "../../base/web-types.ts";
import { checkedSignal, childProcess, fs, net, os, urls, workerThreads } from "../builtins.ts";
import { localPath, secretName } from "../net/local-path.ts";
import {
  childArguments,
  MAIN_PROCESS,
  socketPath,
  threadEnvironment,
  writeChildArguments,
} from "./child-arguments.ts";
import { ACCEPTED, answerIn, lineOf, onLines } from "./control-lines.ts";
import { type Detour, newDetour, withDetour } from "./detour-address.ts";
import {
  type ChildStarter,
  type ControlRequest,
  type IpcChild,
  type IpcEvents,
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

export function nodeChildren(flags: ChildFlags, entryUrl: () => string | undefined): ChildStarter {
  return {
    start(module, settings, events) {
      const own = { flags, entryUrl, ...environmentOf(settings) };
      const start = (address: string): void =>
        startChild(module, settings, { ...own, address }, events);
      lifeline ??= openLifeline();
      // Where it can be, at once: the calling thread may compute next.
      if (typeof lifeline === "string") return start(lifeline);
      lifeline.then(start, (error: unknown) => {
        lifeline = undefined; // the next child tries again
        events.failed(error);
      });
    },
  };
}

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
    socket.write(ACCEPTED + this.#waiting);
  }

  send(line: string): void {
    if (this.#socket === undefined) this.#waiting += line;
    else this.#socket.write(line);
  }
}

/** Where children connect their lifelines, once it listens. */
let lifeline: string | Promise<string> | undefined;

/** What is not in the settings. */
interface OwnSettings extends ChildEnvironment {
  readonly flags: ChildFlags;
  readonly entryUrl: () => string | undefined;
  /** Where it connects its lifeline. */
  readonly address: string;
}

function startChild(
  module: WebURL,
  settings: IpcSettings,
  { flags, entryUrl, address, env, detour }: OwnSettings,
  events: IpcEvents,
): void {
  let child: ChildProcess;
  const token = String(tokens++);
  const { identity, ignoresInterrupts, cwd, execArgv } = settings;
  const { stdin = "ignore", stdout = "inherit", stderr = "inherit" } = settings;
  try {
    const before = flags(execArgv);
    const entry = entryUrl();
    const parent = { name: childArguments()?.name ?? MAIN_PROCESS, pid: process.pid };
    const given = writeChildArguments({
      ...identity,
      parent,
      ignoresInterrupts,
      entry,
      lifeline: address,
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
    return queueMicrotask(() => events.failed(error));
  }
  watch(child, token, events, detour);
}

interface ChildEnvironment {
  /** Undefined for ours. */
  readonly env: Readonly<Record<string, string>> | undefined;
  /** Where the child listens, which is in it. */
  readonly detour: Detour | undefined;
}

/** Of itself, Deno gives a thread's child the main thread's. */
function environmentOf({ env, mayChangeOver }: IpcSettings): ChildEnvironment {
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
  // The event comes later, and this thread may block for the child before.
  if (child.pid === undefined) return;
  hasStarted = true;
  if (living.size === 0) process.once("exit", killLiving);
  living.add(child);
  letGo(child);
  events.started(new Child(child, side, detour));
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

/** Opens a socket that stays open for as long as this agent lives, and returns its name once it listens. */
function openLifeline(): string | Promise<string> {
  const address = localPath(`heddle-${process.pid}-${secretName()}`).replace("\0", "@");
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
  const failed = new Promise<never>((_, reject) => server.on("error", reject));
  failed.catch(() => undefined); // of a connection that was not accepted: its child ends itself
  server.listen(socketPath(address)).unref();
  if (server.listening) return address;
  return Promise.race([
    failed,
    new Promise<string>((listens) => server.once("listening", () => listens(address))),
  ]);
}
