/**
 * The ends of lanes, as an agent has them.
 *
 * A wait for a message is a wait for an item of a queue in the program's memory, with a *want*
 * before it and, if it is given up, an *unwant* after it. So it blocks or not, and has time limits
 * and signals, as any other wait.
 */
import { Empty } from "../../errors.ts";
import { NEVER } from "../../memory/deadline.ts";
import { type SimpleQueue, takeFrom, takeSyncFrom } from "../../queue/simple-queue.ts";
import { agentPump } from "../../waiting/pump.ts";
import type { Flight } from "../../waiting/source.ts";
import { type CheckedWait, FOR_EVER } from "../../waiting/wait-options.ts";
import { noteLent } from "../../wire/lent.ts";
import {
  ALL_DONE,
  BACK,
  CLOSE,
  DONE,
  FLUSH,
  LEND,
  OPEN,
  PUT,
  READY,
  SIZE,
  TAKEN,
  UNWANT,
  VOID,
  WANT,
} from "./frames.ts";
import { ENDED, GONE, NO, NUMBER_BYTES, numberOf, SLOT } from "./inbox.ts";
import type { HubAddress } from "./links.ts";

/** How another agent finds a lane. Plain data. */
export interface SentLane {
  readonly hub: HubAddress;
  readonly lane: number;
  /** Which of its ends. */
  readonly roles: number;
  readonly hasSlots: boolean;
  readonly ticket: number;
}

/** A question that has been asked. */
export interface Asked {
  /** Gets the answer: see `AskOrder`. */
  readonly reply: SimpleQueue<number>;
  /** It has been answered, or taken back. */
  forget(): void;
  /** Takes it back. */
  giveUp(): void;
}

/** What an end asks of its agent. */
export interface Posting {
  /** Sends a frame to the hub of a place. */
  frame(kind: number, place: number, bits?: number, number?: number, bytes?: Uint8Array): void;
  ask(place: number, what: number, lanes: readonly number[]): Asked;
  /** Where others reach this agent's hub. */
  address(): HubAddress;
  /** No object of the agent's has that end any more. */
  forget(end: EndParts): void;
}

/** Another process may end the wait, whatever the threads of this one do. */
const FROM_OUTSIDE: Flight = { keepsAlive: false, runsCode: true, mayEnd: true };

async function takeFromOutside(queue: SimpleQueue, wait: CheckedWait): Promise<unknown> {
  const pump = agentPump();
  pump.begin(FROM_OUTSIDE);
  try {
    return await takeFrom(queue, wait);
  } finally {
    pump.end(FROM_OUTSIDE);
  }
}

export function takeSyncFromOutside(queue: SimpleQueue, deadlineMs: number): unknown {
  const pump = agentPump();
  pump.begin(FROM_OUTSIDE);
  try {
    return takeSyncFrom(queue, deadlineMs);
  } finally {
    pump.end(FROM_OUTSIDE);
  }
}

/** Where what a hub delivers of one lane lies. */
export class Inbox {
  readonly #post: Posting;
  readonly #queue: SimpleQueue;
  /** This agent's number for the lane. */
  readonly place: number;
  /** Messages that were taken out of the queue to be in their order. */
  #sorted: Taken[] = [];
  /** Whether a message has been given back, which then comes behind others that are ahead. */
  #hasReturned = false;
  /** How many wait for an item of the queue. */
  #waiting = 0;
  #hasEnded = false;

  constructor(post: Posting, place: number, queue: SimpleQueue) {
    this.#post = post;
    this.place = place;
    this.#queue = queue;
  }

  /**
   * Takes what comes next.
   *
   * @param flush Resolves when all that the hub has for the agent has come.
   * @returns Undefined when nothing more will come.
   * @throws {Empty} The deadline came first.
   */
  async take(wait: CheckedWait, flush: () => Promise<void>): Promise<Taken | undefined> {
    wait.signal?.throwIfAborted();
    this.#post.frame(WANT, this.place);
    if (this.#hasReturned) {
      await flush();
      this.#sort();
    }
    const first = this.#sorted.shift();
    if (first !== undefined) return first;
    this.#waiting++;
    try {
      return this.#taken(await takeFromOutside(this.#queue, wait));
    } catch (error) {
      if (!(error instanceof Empty)) throw this.#unwanted(error);
    } finally {
      this.#waiting--;
    }
    // It may have been on its way for all of a short time.
    await flush();
    return this.#lastLook();
  }

  takeSync(deadlineMs: number, flush: () => void): Taken | undefined {
    this.#post.frame(WANT, this.place);
    if (this.#hasReturned) {
      flush();
      this.#sort();
    }
    const first = this.#sorted.shift();
    if (first !== undefined) return first;
    try {
      return this.#taken(takeSyncFromOutside(this.#queue, deadlineMs));
    } catch (error) {
      if (!(error instanceof Empty)) throw this.#unwanted(error);
    }
    flush();
    return this.#lastLook();
  }

  #lastLook(): Taken | undefined {
    try {
      return this.#taken(this.#queue.getNowait());
    } catch (error) {
      throw this.#unwanted(error);
    }
  }

  #unwanted(error: unknown): unknown {
    this.#post.frame(UNWANT, this.place);
    return error;
  }

  #taken(item: unknown): Taken | undefined {
    const taken = messageIn(item);
    if (taken !== undefined) return taken;
    this.end();
    this.#hasEnded = true;
    this.#post.frame(UNWANT, this.place);
    return undefined;
  }

  /** What was taken waits again. */
  giveBack({ number, bytes }: Taken): void {
    this.#hasReturned = true;
    this.#post.frame(BACK, this.place, TAKEN, number, bytes);
  }

  /** Puts what lies here into the order in which it was sent: all that was given back has come again. */
  #sort(): void {
    this.#hasReturned = false;
    if (this.#waiting > 0) return; // then nothing is ahead, and what comes is for those that wait
    this.#sorted = [...this.#sorted, ...this.#drain()].sort((a, b) => a.number - b.number);
  }

  #drain(): Taken[] {
    const all: Taken[] = [];
    while (!this.#queue.empty()) {
      const taken = messageIn(this.#queue.getNowait());
      if (taken !== undefined) all.push(taken);
      else {
        this.end();
        this.#hasEnded = true;
        break;
      }
    }
    return all;
  }

  /** What lies here is for others. */
  giveAllBack(): void {
    for (const { number, bytes } of [...this.#sorted.splice(0), ...this.#drain()]) {
      this.#post.frame(BACK, this.place, 0, number, bytes);
    }
  }

  /** Whether something lies here, be it that nothing will. */
  get hasNews(): boolean {
    return this.#sorted.length > 0 || !this.#queue.empty();
  }

  /** Whether nothing will come any more, for a lane that does not go on once it has ended. */
  get isOver(): boolean {
    // Its end lies behind what is left.
    if (!this.#hasEnded && this.#waiting === 0) this.#sorted.push(...this.#drain());
    return this.#hasEnded;
  }

  end(): void {
    this.#queue.putNowait(ENDED);
  }
}

/** The hub is not there any more: the agent has ended that made the lane. */
export class HubGone extends Error {}

/** What an item of an inbox is; undefined for its end. */
function messageIn(item: unknown): Taken | undefined {
  if (item === SLOT) return { number: 0, bytes: undefined };
  if (item === ENDED) return undefined;
  const message = item as Uint8Array;
  return { number: numberOf(message), bytes: message.subarray(NUMBER_BYTES) };
}

/** A message, or a slot. */
export interface Taken {
  readonly number: number;
  /** Undefined for a slot. */
  readonly bytes: Uint8Array | undefined;
}

/** What tells an end from others. */
export interface EndParts extends Omit<SentLane, "hub" | "ticket"> {
  /** Undefined for the agent's own. */
  readonly hub: HubAddress | undefined;
}

export function keyOf({ hub, lane, roles }: EndParts): string {
  return `${hub?.path ?? ""} ${lane} ${roles}`;
}

/** Gives the ends of a lane. */
export type NewLane = (roles: number) => LaneEnd;

/** One end of a lane, or both, as an agent has it: however many of its objects do. */
export class LaneEnd {
  readonly #post: Posting;
  readonly #parts: EndParts;
  /** This agent's number for it. */
  readonly place: number;
  readonly #messages: Inbox | undefined;
  readonly #slots: Inbox | undefined;
  /** How many objects of the agent's have it. */
  #holders = 0;
  /**
   * Whether the hub has answered. Before the first message: an agent that ends at once may
   * not be able to wait for a courier that has not begun.
   */
  #isReached = false;
  /** Those of waits for something to come. */
  readonly #looking = new Set<SimpleQueue<number>>();

  constructor(
    post: Posting,
    parts: EndParts,
    place: number,
    messages: Inbox | undefined,
    slots: Inbox | undefined,
  ) {
    this.#post = post;
    this.#parts = parts;
    this.place = place;
    this.#messages = messages;
    this.#slots = slots;
  }

  get hub(): HubAddress | undefined {
    return this.#parts.hub;
  }

  /** One more object of the agent's has it. */
  hold(ticket = 0): void {
    if (this.#holders++ === 0 || ticket !== 0) {
      this.#post.frame(OPEN, this.place, this.#parts.roles, ticket);
    }
  }

  /** One object less. */
  release(): void {
    if (--this.#holders > 0) return;
    this.#post.forget(this.#parts);
    this.#messages?.giveAllBack();
    this.#post.frame(CLOSE, this.place, this.#parts.roles);
    this.giveUp();
  }

  /** What another agent needs in order to have it. It is held in that agent's name until it does. */
  lend(): SentLane {
    const { lane, roles, hasSlots } = this.#parts;
    const hub = this.hub ?? this.#post.address();
    this.#messages?.giveAllBack();
    const ticket = crypto.getRandomValues(new Uint32Array(1))[0] as number;
    this.#post.frame(LEND, this.place, roles, ticket);
    noteLent(() => this.#post.frame(VOID, this.place, roles, ticket));
    return { hub, lane, roles, hasSlots, ticket };
  }

  put(bytes: Uint8Array): void {
    this.#post.frame(PUT, this.place, 0, 0, bytes);
  }

  take(wait: CheckedWait): Promise<Taken | undefined> {
    return this.#reader.take(wait, this.#flush);
  }

  takeSync(deadlineMs: number): Taken | undefined {
    return this.#reader.takeSync(deadlineMs, () => this.flushSync(NEVER));
  }

  giveBack(taken: Taken): void {
    this.#reader.giveBack(taken);
  }

  get #reader(): Inbox {
    return this.#messages as Inbox; // what takes has that end
  }

  /** Takes what a message needs. False if no one is left who would read it. */
  async takeSlot(wait: CheckedWait): Promise<boolean> {
    if (this.#slots !== undefined) return (await this.#slots.take(wait, this.#flush)) !== undefined;
    this.#isReached ||= (await this.#answer(FLUSH, FOR_EVER)) !== GONE;
    return this.#mayBeRead;
  }

  takeSlotSync(deadlineMs: number): boolean {
    if (this.#slots !== undefined) {
      return this.#slots.takeSync(deadlineMs, () => this.flushSync(NEVER)) !== undefined;
    }
    this.#isReached ||= this.#answerSync(FLUSH, NEVER) !== GONE;
    return this.#mayBeRead;
  }

  /** Of a lane without a limit: whether its hub is there, as far as is known. */
  get #mayBeRead(): boolean {
    return this.#isReached && this.#messages?.isOver !== true;
  }

  giveSlotBack(): void {
    this.#slots?.giveBack({ number: 0, bytes: undefined });
  }

  /** Resolves when what was put before is with the hub, and what the hub had is here. */
  readonly #flush = async (): Promise<void> => void (await this.#answer(FLUSH, FOR_EVER));

  flush(wait: CheckedWait): Promise<number | undefined> {
    return this.#answer(FLUSH, wait);
  }

  flushSync(deadlineMs: number): void {
    this.#answerSync(FLUSH, deadlineMs);
  }

  /** How many messages wait. @throws {HubGone} */
  sizeSync(): number {
    return there(this.#answerSync(SIZE, NEVER)) ?? 0;
  }

  /** One message has been done with; false if all were. @throws {HubGone} */
  doneSync(): boolean {
    return there(this.#answerSync(DONE, NEVER)) !== NO;
  }

  /** Waits until all messages are done with; false when the deadline came first. @throws {HubGone} */
  async allDone(wait: CheckedWait): Promise<boolean> {
    return there(await this.#answer(ALL_DONE, wait)) !== undefined;
  }

  allDoneSync(deadlineMs: number): boolean {
    return there(this.#answerSync(ALL_DONE, deadlineMs)) !== undefined;
  }

  /** Whether a message could be taken now, or none ever will be. */
  async isReady(): Promise<boolean> {
    // The answer comes behind what the hub has sent before.
    const size = await this.#answer(SIZE, FOR_EVER);
    return this.hasNews || (size ?? 0) > 0;
  }

  isReadySync(): boolean {
    const size = this.#answerSync(SIZE, NEVER);
    return this.hasNews || (size ?? 0) > 0;
  }

  /** Waits until that is so; false when the deadline came first. */
  async ready(wait: CheckedWait): Promise<boolean> {
    if (await this.isReady()) return true;
    return (await this.#answer(READY, wait)) !== undefined || this.hasNews;
  }

  readySync(deadlineMs: number): boolean {
    return this.isReadySync() || this.#answerSync(READY, deadlineMs) !== undefined || this.hasNews;
  }

  get hasNews(): boolean {
    return this.#reader.hasNews;
  }

  /** Waits for an answer: see `AskOrder`; undefined when the deadline came first. */
  async #answer(what: number, wait: CheckedWait): Promise<number | undefined> {
    const asked = this.#post.ask(this.place, what, [this.#parts.lane]);
    if (what === READY) this.#looking.add(asked.reply);
    try {
      return (await takeFromOutside(asked.reply, wait)) as number;
    } catch (error) {
      asked.giveUp();
      if (error instanceof Empty) return undefined;
      throw error;
    } finally {
      this.#looking.delete(asked.reply);
      asked.forget();
    }
  }

  #answerSync(what: number, deadlineMs: number): number | undefined {
    const asked = this.#post.ask(this.place, what, [this.#parts.lane]);
    try {
      return takeSyncFromOutside(asked.reply, deadlineMs) as number;
    } catch (error) {
      asked.giveUp();
      if (error instanceof Empty) return undefined;
      throw error;
    } finally {
      asked.forget();
    }
  }

  /** Ends all waits of the agent's at this end. */
  giveUp(): void {
    for (const reply of this.#looking) reply.putNowait(NO);
    this.#messages?.end();
    this.#slots?.end();
  }
}

/** @throws {HubGone} What came was not an answer, but word that the hub has gone. */
function there(answer: number | undefined): number | undefined {
  if (answer === GONE) throw new HubGone();
  return answer;
}
