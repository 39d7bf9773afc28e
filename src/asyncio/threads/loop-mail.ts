/**
 * What other threads ask of a loop: calls, coroutines to run, tasks to cancel.
 *
 * They put it into the loop's mail, a queue in shared memory, and ring the bell of the
 * agent that has the loop; that one's pump looks into the mail, and hands it to the
 * loop, which deals with it in an iteration of its own. Replies go into a queue of the
 * asking agent, whose bell is rung likewise.
 */
import type { Loop, Task } from "../engine/classes.ts";
import { platform } from "#platform";
import { program } from "../../program/program.ts";
import { RuntimeError } from "../../errors.ts";
import type { Queue } from "../../queue/queue.ts";
import { agentPump } from "../../waiting/pump.ts";
import type { Flight, Source } from "../../waiting/source.ts";
import type { FunctionReference } from "../../shipping/function-reference.ts";
import { loadFunction } from "../../shipping/load.ts";

/** One thing that another thread asks. */
export type Mail = CallMail | RunMail | CancelMail;

interface CallMail {
  readonly kind: "call";
  readonly reference: FunctionReference;
  readonly args: readonly unknown[];
}

interface RunMail {
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

interface CancelMail {
  readonly kind: "cancel";
  readonly id: number;
  readonly asker: number;
}

/** How a call ended. */
export type Reply =
  | { readonly id: number; readonly kind: "returned"; readonly value: unknown }
  | { readonly id: number; readonly kind: "threw"; readonly error: unknown }
  | { readonly id: number; readonly kind: "cancelled" };

/** Mail may come as long as the agent lives, and keeps it alive by no means. */
const EXPECTED: Flight = { keepsAlive: false, runsCode: false, mayEnd: false };
/** A task that another thread waits for. */
const RUNNING: Flight = { keepsAlive: true, runsCode: false, mayEnd: false };

export class LoopMail implements Source {
  readonly #loop: Loop;
  readonly #mail: Queue<Mail>;
  /** Of those that asked for a coroutine, by the asker's slot and number. */
  readonly #running = new Map<string, { readonly task: Task<unknown>; readonly mail: RunMail }>();

  #deaths = program().agents.deaths;
  #isClosed = false;

  constructor(loop: Loop, mail: Queue<Mail>) {
    this.#loop = loop;
    this.#mail = mail;
    platform.onExit(() => this.close("its thread has ended"));
    agentPump().add(this);
    agentPump().begin(EXPECTED);
  }

  hasNews(): boolean {
    return !this.#mail.empty() || program().agents.deaths !== this.#deaths;
  }

  drain(limit: number): number {
    let taken = this.#noticeDeaths();
    for (; taken < limit && !this.#mail.empty(); taken++) {
      this.#loop.callSoon(this.#deliver, this.#mail.getNowait());
    }
    return taken;
  }

  watchWhileBlocked(): void {}

  mayGoOn(): boolean {
    return false;
  }

  /** Nobody waits any more for what a dead agent has asked for. */
  #noticeDeaths(): number {
    const { agents } = program();
    if (agents.deaths === this.#deaths) return 0;
    this.#deaths = agents.deaths;
    for (const { task, mail } of this.#running.values()) {
      if (isGone(mail)) task.cancel();
    }
    return 1;
  }

  /** The loop is closed: refuses what has come and what will. */
  close(why: string = "it has been closed"): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    agentPump().remove(this);
    agentPump().end(EXPECTED);
    const error = new RuntimeError(`Cannot finish the call of the event loop: ${why}`);
    while (!this.#mail.empty()) {
      const mail = this.#mail.getNowait();
      if (mail.kind === "run") reply(mail, { id: mail.id, kind: "threw", error });
    }
    this.#mail.shutdown({ immediate: true });
    for (const { mail } of this.#running.values()) {
      agentPump().end(RUNNING);
      reply(mail, { id: mail.id, kind: "threw", error });
    }
    this.#running.clear();
  }

  readonly #deliver = (mail: Mail): void => {
    if (mail.kind === "cancel") {
      this.#running.get(keyOf(mail))?.task.cancel();
      return;
    }
    let fn: Function | Promise<Function>;
    try {
      fn = loadFunction(mail.reference);
    } catch (error) {
      return this.#refuse(mail, error);
    }
    if (!(fn instanceof Promise)) return this.#begin(mail, fn);
    void fn.then(
      (loaded) => this.#loop.callSoon(() => this.#begin(mail, loaded)),
      (error: unknown) => this.#loop.callSoon(() => this.#refuse(mail, error)),
    );
  };

  #begin(mail: CallMail | RunMail, fn: Function): void {
    const call = (): unknown => Reflect.apply(fn, undefined, mail.args) as unknown;
    if (mail.kind === "call") call();
    else this.#run(mail, call as () => Promise<unknown>);
  }

  #run(mail: RunMail, call: () => Promise<unknown>): void {
    if (isGone(mail)) return;
    let task: Task<unknown>;
    try {
      task = this.#loop.createTask(call);
    } catch (error) {
      return this.#refuse(mail, error);
    }
    this.#running.set(keyOf(mail), { task, mail });
    agentPump().begin(RUNNING);
    task.addDoneCallback(() => {
      if (!this.#running.delete(keyOf(mail))) return;
      agentPump().end(RUNNING);
      reply(mail, replyOf(mail.id, task));
    });
  }

  /** @throws What went wrong, for the loop's exception handler. */
  #refuse(mail: CallMail | RunMail, error: unknown): never {
    if (mail.kind === "run") reply(mail, { id: mail.id, kind: "threw", error });
    throw error as Error;
  }
}

/** Whether the agent that has asked is no more. */
function isGone({ agent, asker }: RunMail): boolean {
  const { agents } = program();
  return agents.hasLeft(agent) || !agents.isLive(asker);
}

function keyOf({ asker, id }: RunMail | CancelMail): string {
  return `${asker}/${id}`;
}

function replyOf(id: number, task: Task<unknown>): Reply {
  if (task.cancelled()) return { id, kind: "cancelled" };
  try {
    return { id, kind: "returned", value: task.result() };
  } catch (error) {
    return { id, kind: "threw", error };
  }
}

function reply({ asker, replies }: RunMail, answer: Reply): void {
  try {
    replies.putNowait(answer);
  } catch (error) {
    replies.putNowait({ id: answer.id, kind: "threw", error }); // the value cannot be sent
  }
  program().agents.ring(asker);
}
