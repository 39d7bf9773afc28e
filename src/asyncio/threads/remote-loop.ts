import { resolveFunction } from "#functions";
import { checkedFunction } from "../../base/functions.ts";
import { showAsText } from "../../base/text.ts";
import { program } from "../../program/program.ts";
import { handleCodec, LOOP } from "../../program/kinds.ts";
import { isOpening, openBlock, sendBlock, type SharedBlock } from "../../program/shared-object.ts";
import { RuntimeError, ShutDown } from "../../errors.ts";
import { type Giving, withAdvice } from "../../base/advice.ts";
import { load, store } from "../../memory/atomics.ts";
import { Queue } from "../../queue/queue.ts";
import { addressOf } from "../../wire/handles.ts";
import type { LoopHandle } from "./loop-handle.ts";
import type { LoopRequest } from "./loop-inbox.ts";
import { checkForLoop } from "./loop-values.ts";

/** Number of the agent that has the loop. */
const OWNER = 0;
const WORDS = 1;

/** A loop in another thread than its own. */
export class RemoteLoop implements LoopHandle {
  static {
    showAsText(this.prototype);
  }

  readonly #block: SharedBlock;
  /** What is asked of the loop. */
  readonly inbox: Queue<LoopRequest>;

  /** Called by heddle: a loop makes its handle itself. */
  constructor() {
    const isReceived = isOpening();
    this.#block = openBlock(this, LOOP, WORDS, RemoteLoop);
    const { at, program: own, words } = this.#block;
    if (isReceived) {
      sendBlock(this.#block.inner); // receiving takes one reference
      this.inbox = handleCodec.receive(this.#block.inner) as Queue<LoopRequest>;
      return;
    }
    this.inbox = new Queue();
    this.#block.inner = addressOf(this.inbox) as number;
    store(words, at + OWNER, own.agents.agentAt(own.slot));
  }

  /** Whether the loop belongs to the calling thread. */
  get isOwn(): boolean {
    return this.#owner === this.#block.program.agents.agentAt(this.#block.program.slot);
  }

  /** Whether the thread of the loop lives. */
  get isAlive(): boolean {
    const { agents } = this.#block.program;
    return !agents.hasLeft(this.#owner) && agents.isLive(agents.slotOf(this.#owner));
  }

  callSoonThreadsafe<A extends unknown[]>(fn: (...args: A) => unknown, ...args: A): void {
    checkedFunction(fn, "Loop.callSoonThreadsafe: fn");
    const giving: Giving = (called, values) => `callSoonThreadsafe(${called}, ${values})`;
    const reference = withAdvice(giving, () => resolveFunction(fn));
    if (reference instanceof Promise) {
      void reference.then((found) => this.send({ kind: "call", reference: found, args }));
    } else this.send({ kind: "call", reference, args });
  }

  isClosed(): boolean {
    return this.inbox.isShutdown || !this.isAlive;
  }

  /** Sends something to the loop. */
  send(request: LoopRequest): void {
    if (!this.isAlive) throw new RuntimeError("Cannot call the event loop: its thread has ended");
    if (request.kind !== "cancel") checkForLoop(request.args, "args");
    try {
      this.inbox.putNowait(request);
    } catch (error) {
      if (!(error instanceof ShutDown)) throw error;
      throw new RuntimeError("Cannot call the event loop: it is closed", { cause: error });
    }
    const { agents } = this.#block.program;
    agents.ring(agents.slotOf(this.#owner));
  }

  /** Has the task cancelled that the loop runs for a call of this agent. */
  cancel(id: number): void {
    if (!this.isClosed()) this.send({ kind: "cancel", id, asker: program().slot });
  }

  /** The loop in words: `<RemoteLoop-1>`. */
  toString(): string {
    return `<RemoteLoop-${this.#block.label}${this.isClosed() ? " closed" : ""}>`;
  }

  get #owner(): number {
    return load(this.#block.words, this.#block.at + OWNER);
  }
}
