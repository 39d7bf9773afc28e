/**
 * The ends of lanes, as an agent has them.
 *
 * A wait for a message is a wait for an item of a queue in the program's memory, with a *want*
 * before it and, if it is given up, an *unwant* after it. So it blocks or not, and has time limits
 * and signals, as any other wait.
 */
import { Empty } from "../../errors.ts";
import { NEVER } from "../../memory/deadline.ts";
import type { SimpleQueue } from "../../queue/simple-queue.ts";
import { type CheckedWait, FOR_EVER } from "../../waiting/wait-options.ts";
import { noteLent } from "../../wire/lent.ts";
import { ALL_DONE, CLOSE, DONE, FLUSH, LEND, OPEN, PUT, READY, SIZE, VOID } from "./frames.ts";
import {
  type FramePosting,
  type Inbox,
  type Taken,
  takeFromOutside,
  takeSyncFromOutside,
} from "./inbox.ts";
import type { HubAddress } from "./links.ts";
import { GONE, NO } from "./orders.ts";

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
export interface Posting extends FramePosting {
  ask(place: number, what: number, lanes: readonly number[]): Asked;
  /** Where others reach this agent's hub. */
  address(): HubAddress;
  /** No object of the agent's has that end any more. */
  forget(end: EndParts): void;
}

/** The hub is not there any more: the agent has ended that made the lane. */
export class HubGone extends Error {}

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

  /** Takes a message that has come; undefined if it takes waiting, or none will come. */
  takeNow(): Taken | undefined {
    return this.#reader.takeNow();
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

  /** Takes what a message needs if it is there; false if it takes waiting, or no one is left who would read it. */
  takeSlotNow(): boolean {
    return this.#slots === undefined ? this.#mayBeRead : this.#slots.takeSlotNow();
  }

  /** Takes what a message needs. False if no one is left who would read it. */
  async takeSlot(wait: CheckedWait): Promise<boolean> {
    if (this.#slots !== undefined) return (await this.#slots.take(wait, this.#flush)) !== undefined;
    this.#isReached ||= (await this.#answer(FLUSH, FOR_EVER)) !== GONE;
    return this.#mayBeRead;
  }

  takeSlotSync(deadlineMs: number): boolean {
    if (this.#slots !== undefined) {
      const flush = (): void => this.flushSync(NEVER);
      return this.#slots.takeSlotNow() || this.#slots.takeSync(deadlineMs, flush) !== undefined;
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
