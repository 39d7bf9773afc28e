/**
 * Calls and results by message, for agents that share no memory; the owner's side.
 *
 * A message costs far more than a small call, so calls travel in batches. What has been sent
 * cannot be taken back, and a call that waits behind a long one may wait for ever while
 * another worker is free. So how many calls a worker has at once depends on how long calls of
 * their functions have been taking: about BATCH_MS of work. A function of which nothing is
 * known, or whose calls take longer, is given to a worker that has nothing to do, and
 * nothing is given to that worker until it is done.
 *
 * A call is taken from its worker by force only when it runs. Those that were sent after it go to other
 * workers, so what travels behind others must be able to travel again: a call that moves something
 * does not. Those that were sent before it are over, and the results of the last of them may be
 * lost with the worker: a result is held back for FLUSH_MS at most, and not for a call that
 * may be long.
 */
import { server } from "#platform";
import type { Agent } from "../agents/agent.ts";
import type {
  AcknowledgedMessage,
  CallsMessage,
  CancelMessage,
  CloseMessage,
  FunctionMessage,
  MessageTransportInit,
  WorkerMessage,
} from "./messages.ts";
import type { ThrownValue } from "../wire/remote-error.ts";
import { whenLoaded } from "../wire/unpack.ts";
import { Backlog } from "../base/backlog.ts";
import {
  type CallLoad,
  end,
  lose,
  type MessageCodec,
  noteLoad,
  type PackedArguments,
} from "./call-codec.ts";
import { CallControl } from "../memory/call-control.ts";
import {
  type Answer,
  type ControlOf,
  controlByMemory,
  type WorkerControl,
} from "./worker-control.ts";
import { OVER, type Call, WAITING } from "../calls/call.ts";
import type { Transport, TransportListener } from "./transport.ts";

const BATCH_MS = 2;
const MOST_AHEAD = 256;

interface Queued extends Omit<PackedArguments, "load"> {
  readonly call: Call;
  readonly functionId: number;
}

/** A call that has been sent. */
interface SentCall {
  readonly call: Call;
  readonly member: Member;
  /** Its number among those sent to the worker. */
  readonly number: number;
  /** What sends it again; undefined for one that was sent when the worker had no other. */
  readonly again: Queued | undefined;
}

interface Member {
  readonly agent: Agent;
  readonly index: number;
  readonly control: WorkerControl;
  /** How many calls it has been sent. */
  count: number;
  /** Calls sent to the worker and not back yet, in order. */
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
  readonly #listener: TransportListener;
  readonly #codec: MessageCodec;
  readonly #mostCalls: number;
  readonly #controlOf: ControlOf | undefined;
  readonly #members: Member[] = [];
  readonly #sent = new Map<number, SentCall>();
  /** What those that are starting share with this agent, by their numbers. */
  readonly #memories: (SharedArrayBuffer | undefined)[] = [];
  /** By function: how many of its calls a worker may have at once. */
  readonly #ahead: number[] = [];
  /** What the initializers of workers threw that are about to end of it. */
  readonly #failures = new WeakMap<Agent, ThrownValue>();
  readonly #queue = new Backlog<Queued>();
  #nextId = 0;
  #isFlushDue = false;
  #isClosing = false;

  /**
   * @param options.mostCalls How many calls a worker makes, before it ends and another takes its place.
   * @param options.controlOf What asks a worker's calls to stop. Default: this agent does, where it shares memory with workers.
   */
  constructor(
    listener: TransportListener,
    codec: MessageCodec,
    {
      mostCalls = Infinity,
      controlOf,
    }: { mostCalls?: number | undefined; controlOf?: ControlOf } = {},
  ) {
    this.#controlOf = controlOf;
    this.#listener = listener;
    this.#codec = codec;
    this.#mostCalls = mostCalls;
  }

  initFor(worker: number): MessageTransportInit {
    const isShared = this.#controlOf === undefined && server.capabilities.sharedMemory;
    const control = isShared ? new SharedArrayBuffer(CallControl.bytes) : undefined;
    this.#memories[worker] = control;
    return { kind: "messages", control };
  }

  attach(index: number, agent: Agent): void {
    const memory = this.#memories[index];
    const answer = (number: number, said: Answer): void => this.#learn(member, number, said);
    const member: Member = {
      agent,
      index,
      control: memory
        ? controlByMemory(memory, answer)
        : (this.#controlOf as ControlOf)(agent, answer),
      count: 0,
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

  ask(call: Call): boolean {
    const sent = this.#sent.get(call.id);
    if (sent === undefined) return false;
    const message: CancelMessage = { kind: "cancel", call: call.id };
    sent.member.agent.port.postMessage(message);
    sent.member.control.ask(sent.number);
    return true;
  }

  end(call: Call): void {
    const sent = this.#sent.get(call.id);
    sent?.member.control.end(sent.number);
  }

  /** What is known of a call that was asked to stop. */
  #learn(member: Member, number: number, said: Answer): void {
    for (const id of member.sent) {
      const sent = this.#sent.get(id) as SentCall;
      if (sent.number !== number) continue;
      if (said === "ended") return this.#taken(id, sent);
      if (said !== "skipped") return;
      this.#forget(id, sent);
      lose(sent.call);
      return this.#listener.skipped(sent.call);
    }
  }

  /** A call has been taken from its worker, which begins no other. */
  #taken(id: number, sent: SentCall): void {
    const { member, call } = sent;
    this.#forget(id, sent);
    lose(call);
    this.#sendAgain(member, sent.number);
    this.#listener.ended(call, member.index, id);
  }

  /** Has those that a worker was sent after a call sent to others. */
  #sendAgain(member: Member, after: number): void {
    const waiting: Queued[] = [];
    for (const id of member.sent) {
      const sent = this.#sent.get(id) as SentCall;
      if (sent.number < after || sent.again === undefined) continue;
      this.#forget(id, sent);
      sent.call.id = WAITING;
      waiting.push(sent.again);
    }
    this.#queue.putBack(waiting);
    this.#flushSoon();
  }

  #forget(id: number, { member }: SentCall): void {
    this.#sent.delete(id);
    member.sent.delete(id);
  }

  isRunning(call: Call): boolean {
    return call.id >= 0;
  }

  hasBegun(call: Call): boolean {
    const sent = this.#sent.get(call.id);
    return sent?.member.control.hasBegun(sent.number) === true;
  }

  queued(): readonly Call[] {
    return this.#queue.all().map(({ call }) => call);
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
    return idle.length >= this.#queue.length;
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
    const lost = [...sent].map((id) => (this.#sent.get(id) as SentCall).call);
    for (const id of sent) this.#sent.delete(id);
    sent.clear();
    for (const call of lost) lose(call);
    return lost;
  }

  *abandon(): Generator<readonly [Call, boolean, number]> {
    for (const [index, { sent }] of this.#members.entries()) {
      for (const id of sent) {
        const { call } = this.#sent.get(id) as SentCall;
        lose(call);
        yield [call, true, index];
      }
      sent.clear();
    }
    this.#sent.clear();
    for (const { call } of this.#queue.all()) {
      if (call.id === OVER) continue;
      lose(call);
      yield [call, false, -1];
    }
    this.#queue.clear();
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
    const share = Math.ceil(this.#queue.length / Math.max(1, living.length));
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
    for (let queued; (queued = this.#queue.first) !== undefined; this.#queue.drop()) {
      const { call, functionId, args } = queued;
      if (call.id === OVER) continue;
      const ahead = this.#aheadOf(call);
      const limit = Math.min(ahead, member.limit);
      // One that still has much to do gets more later, with as much again in one message.
      const isBusy = calls.length === 0 && member.sent.size > 0 && member.sent.size * 2 > limit;
      // What is moved, or lent, cannot be sent again.
      const isFirst = member.sent.size === 0;
      const load = call.load as CallLoad | undefined;
      const mustBeFirst = queued.transfer.length > 0 || load?.lose !== undefined;
      if (
        (mustBeFirst && !isFirst) ||
        isBusy ||
        member.left === 0 ||
        member.sent.size >= Math.min(limit, most)
      )
        break;
      member.left--;
      member.limit = limit;
      call.id = this.#nextId++;
      const again = isFirst ? undefined : queued;
      this.#sent.set(call.id, { call, member, number: member.count++, again });
      member.sent.add(call.id);
      calls.push(call.id, functionId, args.length);
      for (const argument of args) calls.push(argument);
      if (queued.transfer.length > 0) transfer.push(...queued.transfer);
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
      const sent = this.#sent.get(id);
      if (sent === undefined) continue; // it was skipped, or taken
      const { call } = sent;
      this.#forget(id, sent);
      noteLoad(member.loads, end(call));
      this.#ahead[call.functionId] = ahead;
      if (results[i + 1] === true) {
        this.#listener.threw(call, this.#codec.unpackThrown(results[i + 2]), worker);
      } else {
        this.#succeed(call, results[i + 2], worker);
      }
    }
    member.limit = Infinity;
    for (const id of member.sent) {
      member.limit = Math.min(member.limit, this.#aheadOf((this.#sent.get(id) as SentCall).call));
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
