/**
 * Calls and results by message, for agents that share no memory; the owner's side.
 *
 * A message costs far more than a small call, so calls travel in batches. What has been sent
 * cannot be taken back, and a call that waits behind a long one may wait for ever while
 * another worker is free. So how many calls a worker has at once depends on how long calls of
 * their functions have been taking: about BATCH_MS of work. A function of which nothing is
 * known, or whose calls take longer, is given to a worker that has nothing to do, and
 * nothing is given to that worker until it is done.
 */
import type { Agent } from "../agents/agent.ts";
import type {
  AcknowledgedMessage,
  CallsMessage,
  CloseMessage,
  FunctionMessage,
  MessageTransportInit,
  WorkerMessage,
} from "./messages.ts";
import type { ThrownValue } from "../wire/remote-error.ts";
import { whenLoaded } from "../wire/unpack.ts";
import type { CallLoad, MessageCodec, PackedArguments } from "./call-codec.ts";
import { OVER, type Call, WAITING } from "../calls/call.ts";
import type { Transport, TransportListener } from "./transport.ts";

const BATCH_MS = 2;
const MOST_AHEAD = 256;
/** What was lent longer ago has arrived. */
const MOST_LOADS = 64;

interface Queued extends Omit<PackedArguments, "load"> {
  readonly call: Call;
  readonly functionId: number;
}

interface Member {
  readonly agent: Agent;
  readonly index: number;
  /** Calls sent to the worker and not back yet. */
  readonly sent: Set<number>;
  /** How many may be out at once, because of those that are. */
  limit: number;
  /** Whether the worker has sent a message, and its port has not closed. */
  isHeard: boolean;
  /** How many calls it may still be sent. */
  left: number;
  /** Of its last calls: what they lose if it dies. */
  readonly loads: CallLoad[];
}

export class MessageTransport implements Transport {
  readonly init: MessageTransportInit = { kind: "messages" };
  readonly #listener: TransportListener;
  readonly #codec: MessageCodec;
  readonly #mostCalls: number;
  readonly #members: Member[] = [];
  readonly #sent = new Map<number, Call>();
  /** By function: how many of its calls a worker may have at once. */
  readonly #ahead: number[] = [];
  /** What the initializers of workers threw that are about to end of it. */
  readonly #failures = new WeakMap<Agent, ThrownValue>();
  #queue: Queued[] = [];
  #queueStart = 0;
  #nextId = 0;
  #isFlushDue = false;
  #isClosing = false;

  /** @param mostCalls How many calls a worker makes, before it ends and another takes its place. */
  constructor(listener: TransportListener, codec: MessageCodec, mostCalls: number = Infinity) {
    this.#listener = listener;
    this.#codec = codec;
    this.#mostCalls = mostCalls;
  }

  attach(index: number, agent: Agent): void {
    const member: Member = {
      agent,
      index,
      sent: new Set(),
      limit: Infinity,
      isHeard: false,
      left: this.#mostCalls,
      loads: [],
    };
    this.#members[index] = member;
    agent.port.onMessage((message) => this.#receive(member, index, message as WorkerMessage));
    agent.port.onClose(() => {
      member.isHeard = false;
      for (const load of member.loads.splice(0)) load.lose?.();
    });
    this.#flushSoon();
  }

  announce(message: FunctionMessage): void {
    for (const { agent } of this.#members) if (!agent.isDead) agent.port.postMessage(message);
  }

  submit(call: Call, functionId: number, args: readonly unknown[]): void {
    const packed = this.#codec.packArguments(args);
    call.functionId = functionId;
    call.load = packed.load;
    this.#queue.push({ call, functionId, args: packed.args, transfer: packed.transfer });
    this.#flushSoon();
  }

  cancel(call: Call): boolean {
    if (call.id !== WAITING) return false;
    lose(call);
    return true;
  }

  isRunning(call: Call): boolean {
    return call.id >= 0;
  }

  queued(): readonly Call[] {
    return this.#queue.slice(this.#queueStart).map(({ call }) => call);
  }

  drain(): number {
    if (this.#isFlushDue) this.#flush(); // the agent blocks, or is about to
    return 0; // results are handled as their messages come
  }

  hasNews(): boolean {
    return false;
  }

  /** Of a worker that has calls; which of them it has made is not known before its messages come. */
  expectsMessages(agent?: Agent): boolean {
    return this.#members.some(
      (member) =>
        (agent === undefined || member.agent === agent) && member.isHeard && member.sent.size > 0,
    );
  }

  initializerFailure(agent: Agent): ThrownValue | undefined {
    return this.#failures.get(agent);
  }

  hasIdleWorkers(): boolean {
    const idle = this.#members.filter(({ agent, sent }) => !agent.isDead && sent.size === 0);
    return idle.length >= this.#queue.length - this.#queueStart;
  }

  retire(worker: number): void {
    const member = this.#members[worker];
    if (member === undefined || member.agent.isDead || member.sent.size > 0) return;
    const message: CloseMessage = { kind: "close" };
    member.agent.port.postMessage(message);
    member.agent.markRetired();
  }

  close(): void {
    this.#isClosing = true;
    this.#flushSoon();
  }

  /** Which of the calls it was sent it has made is not known: a short one travels with others. */
  bury(worker: number): readonly Call[] {
    const { sent } = this.#members[worker] as Member;
    const lost = [...sent].map((id) => this.#sent.get(id) as Call);
    for (const id of sent) this.#sent.delete(id);
    sent.clear();
    for (const call of lost) lose(call);
    return lost;
  }

  *abandon(): Generator<readonly [Call, boolean, number]> {
    for (const [index, { sent }] of this.#members.entries()) {
      for (const id of sent) {
        const call = this.#sent.get(id) as Call;
        lose(call);
        yield [call, true, index];
      }
      sent.clear();
    }
    this.#sent.clear();
    for (const { call } of this.#queue.slice(this.#queueStart)) {
      if (call.id === OVER) continue;
      lose(call);
      yield [call, false, -1];
    }
    this.#queue = [];
    this.#queueStart = 0;
  }

  /** Sends what has been submitted in this turn of the event loop, all together. */
  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    queueMicrotask(() => {
      if (this.#isFlushDue) this.#flush();
    });
  }

  #flush(): void {
    this.#isFlushDue = false;
    const living = this.#members.filter(({ agent }) => !agent.isDead);
    // However quick its last calls were, no worker gets more than its share of what waits now.
    const share = Math.ceil((this.#queue.length - this.#queueStart) / Math.max(1, living.length));
    for (const member of living.sort((a, b) => a.sent.size - b.sent.size)) {
      const transfer: object[] = [];
      const calls = this.#nextBatch(member, share, transfer);
      if (calls.length > 0) {
        const message: CallsMessage = { kind: "calls", calls };
        member.agent.port.postMessage(message, transfer);
      } else if (this.#isClosing || member.left === 0) {
        this.retire(member.index);
      }
    }
  }

  /** @param transfer Gets what the message must move. */
  #nextBatch(member: Member, share: number, transfer: object[]): unknown[] {
    const calls: unknown[] = [];
    const most = member.sent.size + share;
    for (let queued; (queued = this.#queue[this.#queueStart]) !== undefined; this.#queueStart++) {
      const { call, functionId, args } = queued;
      if (call.id === OVER) continue;
      const ahead = this.#aheadOf(call);
      const limit = Math.min(ahead, member.limit);
      // One that still has much to do gets more later, with as much again in one message.
      const isBusy = calls.length === 0 && member.sent.size > 0 && member.sent.size * 2 > limit;
      if (isBusy || member.left === 0 || member.sent.size >= Math.min(limit, most)) break;
      member.left--;
      member.limit = limit;
      call.id = this.#nextId++;
      this.#sent.set(call.id, call);
      member.sent.add(call.id);
      calls.push(call.id, functionId, args.length);
      for (const argument of args) calls.push(argument);
      if (queued.transfer.length > 0) transfer.push(...queued.transfer);
    }
    if (this.#queueStart === this.#queue.length) {
      this.#queue = [];
      this.#queueStart = 0;
    }
    return calls;
  }

  #aheadOf({ functionId }: Call): number {
    return this.#ahead[functionId] ?? 1;
  }

  #receive(member: Member, worker: number, message: WorkerMessage): void {
    member.isHeard = true;
    if (message.kind === "initializer failed") return this.#noteFailure(member, message.thrown);
    if (message.kind !== "results") return;
    const { results, elapsedMs } = message;
    const perCallMs = elapsedMs / Math.max(1, results.length / 3);
    const ahead = Math.max(1, Math.min(MOST_AHEAD, Math.floor(BATCH_MS / perCallMs)));
    for (let i = 0; i < results.length; i += 3) {
      const id = results[i] as number;
      const call = this.#sent.get(id);
      if (call === undefined) continue;
      this.#sent.delete(id);
      member.sent.delete(id);
      noteLoad(member, end(call));
      this.#ahead[call.functionId] = ahead;
      if (results[i + 1] === true) {
        this.#listener.threw(call, this.#codec.unpackThrown(results[i + 2]), worker);
      } else {
        this.#succeed(call, results[i + 2], worker);
      }
    }
    member.limit = Infinity;
    for (const id of member.sent) {
      member.limit = Math.min(member.limit, this.#aheadOf(this.#sent.get(id) as Call));
    }
    this.#flush();
  }

  #noteFailure({ agent }: Member, thrown: unknown): void {
    this.#failures.set(agent, this.#codec.unpackThrown(thrown));
    const message: AcknowledgedMessage = { kind: "acknowledged" };
    agent.port.postMessage(message);
  }

  #succeed(call: Call, packed: unknown, worker: number): void {
    let value: unknown;
    try {
      value = whenLoaded(() => this.#codec.unpackResult(packed));
    } catch (error) {
      return this.#listener.unreadable(call, error);
    }
    if (!(value instanceof Promise)) return this.#listener.succeeded(call, value, worker);
    value.then(
      (loaded: unknown) => this.#listener.succeeded(call, loaded, worker),
      (error: unknown) => this.#listener.unreadable(call, error),
    );
  }
}

/** What a call has lent may still be on its way when its result comes. */
function noteLoad({ loads }: Member, load: CallLoad | undefined): void {
  if (load?.lose === undefined) return;
  if (loads.push(load) > MOST_LOADS) loads.shift();
}

/** Nothing forwards an abort to the call any more. */
function end(call: Call): CallLoad | undefined {
  const load = call.load as CallLoad | undefined;
  call.id = OVER;
  call.load = undefined;
  load?.end?.();
  return load;
}

/** No worker has the call's arguments, or will have them. */
function lose(call: Call): void {
  end(call)?.lose?.();
}
