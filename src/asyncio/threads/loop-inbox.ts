/**
 * What other threads ask of a loop: calls, coroutines to run, tasks to cancel.
 *
 * They put their requests into the loop's inbox, a queue in shared memory, and ring the bell
 * of the agent that has the loop; its pump takes the requests out, and passes them to the
 * loop, which deals with it in an iteration of its own. Replies go into a queue of the
 * asking agent, whose bell is rung likewise.
 */
import { CallerContext } from "../../contextvars/caller-context.ts";
import type { Loop, Task } from "../engine/classes.ts";
import { platform } from "#platform";
import { program } from "../../program/program.ts";
import { RuntimeError } from "../../errors.ts";
import type { Queue } from "../../queue/queue.ts";
import { agentPump } from "../../waiting/pump.ts";
import type { Flight, Source } from "../../waiting/source.ts";
import type { FunctionReference } from "../../shipping/function-reference.ts";
import { loadFunction } from "../../shipping/load.ts";
import { checkForLoop, errorForLoop } from "./loop-values.ts";

/** One thing that another thread asks. */
export type LoopRequest = CallRequest | RunRequest | CancelRequest;

interface CallRequest {
  readonly kind: "call";
  readonly reference: FunctionReference;
  readonly args: readonly unknown[];
}

interface RunRequest {
  readonly kind: "run";
  readonly reference: FunctionReference;
  readonly args: readonly unknown[];
  /** The number that the asking agent knows the call by. */
  readonly id: number;
  /** Slot of the asking agent. */
  readonly asker: number;
  /** The number that no other agent in that slot has. */
  readonly agent: number;
  readonly replies: Queue<Reply>;
}

interface CancelRequest {
  readonly kind: "cancel";
  readonly id: number;
  readonly asker: number;
}

/** How a call ended. */
export type Reply =
  | { readonly id: number; readonly kind: "returned"; readonly value: unknown }
  | { readonly id: number; readonly kind: "threw"; readonly error: unknown }
  | { readonly id: number; readonly kind: "cancelled" };

/** Requests may arrive at any time; waiting for them does not keep the process alive. */
const EXPECTED: Flight = { keepsAlive: false, runsCode: false, mayEnd: false };
/** A task that another thread waits for. */
const RUNNING: Flight = { keepsAlive: true, runsCode: false, mayEnd: false };

/** Of this thread's loops; there from the first on. */
let open: Set<LoopInbox> | undefined;

function noteOpen(inbox: LoopInbox): void {
  if (open === undefined) {
    const all = new Set<LoopInbox>();
    open = all;
    platform.onExit(() => {
      for (const each of all) each.close("its thread has ended");
    });
  }
  open.add(inbox);
}

export class LoopInbox implements Source {
  readonly isAwaited = false;
  readonly #loop: Loop;
  readonly #inbox: Queue<LoopRequest>;
  /** Of those that asked for a coroutine, by the asker's slot and number. */
  readonly #running = new Map<
    string,
    { readonly task: Task<unknown>; readonly request: RunRequest }
  >();

  /** Of those that asked for a coroutine whose function is being loaded. */
  readonly #loading = new Set<string>();
  /** Of the code that made the loop known to other threads: what these have cannot come along. */
  readonly #context = new CallerContext();
  #deaths = program().agents.deaths;
  #isClosed = false;

  constructor(loop: Loop, inbox: Queue<LoopRequest>) {
    this.#loop = loop;
    this.#inbox = inbox;
    noteOpen(this);
    agentPump().add(this);
    agentPump().begin(EXPECTED);
  }

  hasNews(): boolean {
    return !this.#inbox.empty() || program().agents.deaths !== this.#deaths;
  }

  drain(limit: number): number {
    let taken = this.#noticeDeaths();
    for (; taken < limit && !this.#inbox.empty(); taken++) {
      const request = this.#inbox.getNowait();
      this.#context.call(() => this.#loop.callSoon(this.#deliver, request));
    }
    return taken;
  }

  watchWhileBlocked(): void {}

  mayGoOn(): boolean {
    return false;
  }

  /** Requests of an agent that has died: their tasks are cancelled. */
  #noticeDeaths(): number {
    const { agents } = program();
    if (agents.deaths === this.#deaths) return 0;
    this.#deaths = agents.deaths;
    for (const { task, request } of this.#running.values()) {
      if (isGone(request)) task.cancel();
    }
    return 1;
  }

  /** The loop is closed: refuses what has come and what will. */
  close(why: string = "it has been closed"): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    open?.delete(this);
    agentPump().remove(this);
    agentPump().end(EXPECTED);
    const error = new RuntimeError(`Cannot finish the call of the event loop: ${why}`);
    while (!this.#inbox.empty()) {
      const request = this.#inbox.getNowait();
      if (request.kind === "run") reply(request, { id: request.id, kind: "threw", error });
    }
    this.#inbox.shutdown({ immediate: true });
    for (const { request } of this.#running.values()) {
      agentPump().end(RUNNING);
      reply(request, { id: request.id, kind: "threw", error });
    }
    this.#running.clear();
  }

  readonly #deliver = (request: LoopRequest): void => {
    if (request.kind === "cancel") {
      // Where it has not begun, it does not begin.
      if (!this.#loading.delete(keyOf(request))) this.#running.get(keyOf(request))?.task.cancel();
      return;
    }
    let fn: Function | Promise<Function>;
    try {
      fn = loadFunction(request.reference);
    } catch (error) {
      return this.#refuse(request, error);
    }
    if (!(fn instanceof Promise)) return this.#begin(request, fn);
    if (request.kind === "run") this.#loading.add(keyOf(request));
    void fn.then(
      (loaded) => this.#loop.callSoon(() => this.#beginUnlessCancelled(request, loaded)),
      (error: unknown) => this.#loop.callSoon(() => this.#refuse(request, error)),
    );
  };

  #beginUnlessCancelled(request: CallRequest | RunRequest, fn: Function): void {
    if (request.kind === "call" || this.#loading.delete(keyOf(request))) this.#begin(request, fn);
  }

  #begin(request: CallRequest | RunRequest, fn: Function): void {
    const call = (): unknown => Reflect.apply(fn, undefined, request.args) as unknown;
    if (request.kind === "call") call();
    else this.#run(request, call as () => Promise<unknown>);
  }

  #run(request: RunRequest, call: () => Promise<unknown>): void {
    if (isGone(request)) return;
    let task: Task<unknown>;
    try {
      task = this.#loop.createTask(call);
    } catch (error) {
      return this.#refuse(request, error);
    }
    this.#running.set(keyOf(request), { task, request });
    agentPump().begin(RUNNING);
    task.addDoneCallback(() => {
      if (!this.#running.delete(keyOf(request))) return;
      agentPump().end(RUNNING);
      reply(request, replyOf(request.id, task));
    });
  }

  /** @throws What went wrong, for the loop's exception handler. */
  #refuse(request: CallRequest | RunRequest, error: unknown): never {
    if (request.kind === "run") {
      this.#loading.delete(keyOf(request));
      reply(request, { id: request.id, kind: "threw", error: errorForLoop(error) });
    }
    throw error as Error;
  }
}

/** Whether the agent that has asked is no more. */
function isGone({ agent, asker }: RunRequest): boolean {
  const { agents } = program();
  return agents.hasLeft(agent) || !agents.isLive(asker);
}

function keyOf({ asker, id }: RunRequest | CancelRequest): string {
  return `${asker}/${id}`;
}

function replyOf(id: number, task: Task<unknown>): Reply {
  if (task.cancelled()) return { id, kind: "cancelled" };
  try {
    return { id, kind: "returned", value: task.result() };
  } catch (error) {
    return { id, kind: "threw", error: errorForLoop(error) };
  }
}

function reply({ asker, replies }: RunRequest, answer: Reply): void {
  try {
    if (answer.kind === "returned") checkForLoop(answer.value, "result");
    replies.putNowait(answer);
  } catch (error) {
    replies.putNowait({ id: answer.id, kind: "threw", error }); // the value cannot be sent
  }
  program().agents.ring(asker);
}
