/**
 * One direction of a channel, as its hub has it: messages that have been put, the clients that
 * read and write it, and who gets the next one.
 *
 * A client is one agent. What its takers want is a number, its *demand*:
 *
 *   > 0   takers that wait
 *   < 0   messages that are with the client *ahead*: no taker has asked for them yet
 *
 *   WANT      demand + 1; if it was < 0, a message that is ahead has been taken
 *   deliver   demand - 1; if it was > 0, the message has been taken
 *   UNWANT    demand - 1; if it was ≤ 0, a message that a taker was to have is ahead again
 *   BACK      demand + 1, unless a taker had the message
 *
 * Messages go ahead to a client that alone can read the lane, so that a taker finds them there.
 * What is ahead of a client that has to share is recalled; messages are numbered, so that what
 * comes back finds its place.
 *
 * A lane may have *slots*, a lane without contents: who puts takes a slot first, and
 * gives it back by that; whenever a message is taken, a slot is put.
 *
 * A lane has ended when it is empty and no agent holds the end that writes. An agent that has lent
 * its end, and not used it since, does not hold it any more once an agent has died that had it:
 * otherwise a process that dies would not end the waits of its parent, which has given it one end of
 * a connection, and forgotten that it still has that end too.
 */
import { READS, WRITES } from "./frames.ts";

/** How far ahead of its takers a client may be. */
const MOST_AHEAD = 256;
/** So many slots are many. */
const MUCH_ROOM = 128;

/** How something is delivered. */
export interface Manner {
  /** Whether an agent waits for it: if not, it may come with what comes next. */
  readonly isAwaited: boolean;
  /** Whether what comes next comes too, though no taker has asked for it. */
  readonly isFed: boolean;
}

/** An agent, as a hub sees it. */
export interface Client {
  deliver(lane: number, number: number, bytes: Uint8Array, manner: Manner): void;
  /** The lane has ended. */
  end(lane: number): void;
  /** The lane has not ended after all. */
  reopen(lane: number): void;
  /** One message that is ahead is to be given back. */
  recall(lane: number): void;
  answer(question: number, yes: boolean, count: number): void;
}

interface Message {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** How a client has one end of a lane. */
class Hold {
  readonly client: Client;
  demand = 0;
  /** Of its wants that are in the queue of takers: how many have been given up. */
  stale = 0;
  /** Whether a taker has ever waited. */
  hasWanted = false;
  /** Whether it has lent its end, and not used it since. */
  isIdle = false;
  isGone = false;

  constructor(client: Client) {
    this.client = client;
  }
}

const BLANK = new Uint8Array(0);

export interface LaneOptions {
  /** Whether it ends when no one is left who could put. */
  readonly ends: boolean;
  /** Whether it is the slots of another lane, which says when it has ended. */
  readonly isSlots: boolean;
  /** The lane that gets a slot whenever a message is taken. */
  readonly slots: Lane | undefined;
}

export class Lane {
  readonly id: number;
  readonly slots: Lane | undefined;
  readonly #ends: boolean;
  readonly #isSlots: boolean;
  readonly #messages: Message[] = [];
  #first = 0;
  #count = 0;
  readonly #takers: Hold[] = [];
  readonly #readers = new Map<Client, Hold>();
  readonly #writers = new Map<Client, Hold>();
  /** What is on its way to other agents. */
  readonly #tickets = new Map<number, number>();
  /** Slots that were given back too early: they are not put again. */
  #owed = 0;
  #hasEnded = false;
  /** Which of its ends have ever been held. */
  #rolesSeen = 0;
  /** Which of its ends an agent has had that died, since they were lent last. */
  #rolesOfDead = 0;
  /** Messages that have not been reported done. */
  unfinished = 0;

  constructor(id: number, { ends, isSlots, slots }: LaneOptions) {
    this.id = id;
    this.#isSlots = isSlots;
    this.#ends = ends;
    this.slots = slots;
  }

  /** How many messages wait, here or ahead of a client's takers. */
  get size(): number {
    let size = this.#messages.length - this.#first;
    for (const { demand } of this.#readers.values()) size += Math.max(0, -demand);
    return size;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Whether a taker of that client would not have to wait. */
  isReadyFor(client: Client): boolean {
    const demand = this.#readers.get(client)?.demand ?? 0;
    return this.#hasEnded || demand < 0 || this.#messages.length > this.#first;
  }

  /** Whether no agent has any of it, or will. */
  get isForgotten(): boolean {
    return this.#readers.size + this.#writers.size + this.#tickets.size === 0;
  }

  open(client: Client, roles: number, ticket: number): void {
    this.#tickets.delete(ticket);
    this.#rolesSeen |= roles;
    if ((roles & READS) !== 0 && !this.#readers.has(client)) {
      this.#readers.set(client, new Hold(client));
      if (this.#hasEnded) client.end(this.id);
      this.#recallAll();
    }
    if ((roles & WRITES) !== 0 && !this.#writers.has(client)) {
      this.#writers.set(client, new Hold(client));
    }
    this.#flow();
  }

  lend(client: Client, roles: number, ticket: number): void {
    this.#tickets.set(ticket, roles);
    this.#rolesOfDead &= ~roles;
    if ((roles & READS) !== 0) this.#idle(this.#readers.get(client));
    if ((roles & WRITES) !== 0) this.#idle(this.#writers.get(client));
    this.#recallAll();
    this.#flow();
  }

  #idle(hold: Hold | undefined): void {
    // One that waits at this moment uses it.
    if (hold !== undefined && hold.demand <= 0) hold.isIdle = true;
  }

  /** What was lent arrives nowhere. */
  voidTicket(ticket: number): void {
    this.#tickets.delete(ticket);
    this.#flow();
  }

  /** @param hasDied Whether the agent has ended, rather than given its end up. */
  close(client: Client, roles: number, hasDied: boolean): void {
    if (hasDied) this.#noteDeath(client, roles);
    if ((roles & READS) !== 0) {
      const hold = this.#readers.get(client);
      if (hold !== undefined) hold.isGone = true;
      this.#readers.delete(client);
      // Messages that are ahead of it are given back, if it lives. Slots are all alike.
      if (this.#isSlots && hold !== undefined && hold.demand < 0) this.putBlanks(-hold.demand);
    }
    if ((roles & WRITES) !== 0) this.#writers.delete(client);
    this.#flow();
  }

  #noteDeath(client: Client, roles: number): void {
    if (this.#readers.has(client)) this.#rolesOfDead |= roles & READS;
    if (this.#writers.has(client)) this.#rolesOfDead |= roles & WRITES;
  }

  put(client: Client, bytes: Uint8Array): void {
    const writer = this.#writers.get(client);
    if (writer !== undefined) writer.isIdle = false;
    this.unfinished++;
    this.#add(bytes);
    this.#flow();
  }

  /** Puts messages without contents. */
  putBlanks(count: number): void {
    for (let i = 0; i < count; i++) {
      if (this.#owed > 0) this.#owed--;
      else this.#add(BLANK);
    }
    this.#flow();
  }

  #add(bytes: Uint8Array): void {
    this.#messages.push({ number: this.#count++, bytes });
  }

  want(client: Client): void {
    const hold = this.#readers.get(client);
    if (hold === undefined) return;
    hold.hasWanted = true;
    if (hold.isIdle) {
      hold.isIdle = false;
      this.#recallAll(); // it reads, too
    }
    hold.demand++;
    if (hold.demand > 0) this.#takers.push(hold);
    else this.slots?.putBlanks(1);
    this.#flow();
  }

  unwant(client: Client): void {
    const hold = this.#readers.get(client);
    if (hold === undefined) return;
    hold.demand--;
    if (hold.demand >= 0) {
      hold.stale++;
      return;
    }
    this.#untaken();
    if (!this.#mayGoAhead(hold)) client.recall(this.id);
  }

  /** A message that a taker has had waits again. */
  #untaken(): void {
    if (this.slots !== undefined) this.slots.#owe();
  }

  #owe(): void {
    if (this.#messages.length > this.#first) this.#messages.pop();
    else this.#owed++;
  }

  giveBack(client: Client, number: number, bytes: Uint8Array, wasTaken: boolean): void {
    const hold = this.#readers.get(client);
    // One that was recalled, and for which a taker has come meanwhile, has not reached it.
    if (!wasTaken && hold !== undefined && ++hold.demand > 0) this.#takers.unshift(hold);
    if (wasTaken || (hold?.demand ?? 0) > 0) this.#untaken();
    let at = this.#first;
    while (at < this.#messages.length && (this.#messages[at] as Message).number < number) at++;
    this.#messages.splice(at, 0, { number, bytes });
    this.#flow();
  }

  #recallAll(): void {
    for (const hold of this.#readers.values()) {
      if (this.#mayGoAhead(hold)) continue;
      for (let n = hold.demand; n < 0; n++) hold.client.recall(this.id);
    }
  }

  #mayGoAhead(hold: Hold): boolean {
    return hold.hasWanted && hold === this.#onlyReader && this.#tickets.size === 0;
  }

  /** Whether it need not say soon what it takes: it gets what comes, and those that put have room. */
  #isFed(hold: Hold): boolean {
    return this.#mayGoAhead(hold) && (this.slots === undefined || this.slots.size >= MUCH_ROOM);
  }

  /** The one client that reads, besides those that have only lent their end; undefined if there are more. */
  get #onlyReader(): Hold | undefined {
    let only: Hold | undefined;
    for (const hold of this.#readers.values()) {
      if (hold.isIdle) continue;
      if (only !== undefined) return undefined;
      only = hold;
    }
    return only;
  }

  #flow(): void {
    // Who would put learns that no one is left who takes.
    if (this.#isSlots && this.#hasEnded) return;
    for (let hold; this.#first < this.#messages.length && (hold = this.#next()) !== undefined;) {
      const { number, bytes } = this.#messages[this.#first++] as Message;
      const isWanted = hold.demand-- > 0;
      if (isWanted) this.slots?.putBlanks(1);
      // A taker may wait for a message, of which the hub has not heard yet; for a slot it says so.
      const isAwaited = isWanted || !this.#isSlots;
      hold.client.deliver(this.id, number, bytes, { isAwaited, isFed: this.#isFed(hold) });
    }
    if (this.#first > 1024 || this.#first === this.#messages.length) {
      this.#messages.splice(0, this.#first);
      this.#first = 0;
    }
    this.#noteEnd();
    this.slots?.noteWriters(this.#isHeld(this.#readers, READS));
  }

  /** Whose the next message is. */
  #next(): Hold | undefined {
    for (let hold; (hold = this.#takers.shift()) !== undefined;) {
      if (hold.isGone) continue;
      if (hold.stale > 0) hold.stale--;
      else return hold;
    }
    const only = this.#onlyReader;
    return only !== undefined && -only.demand < MOST_AHEAD && this.#mayGoAhead(only)
      ? only
      : undefined;
  }

  /** Whether some agent holds that end, or is about to. So it is before the first. */
  #isHeld(holds: ReadonlyMap<Client, Hold>, role: number): boolean {
    if ((this.#rolesSeen & role) === 0) return true;
    for (const roles of this.#tickets.values()) if ((roles & role) !== 0) return true;
    const mayForget = (this.#rolesOfDead & role) !== 0;
    for (const { isIdle } of holds.values()) if (!(isIdle && mayForget)) return true;
    return false;
  }

  /** Of slots: whether any agent is left that takes messages. */
  noteWriters(areThere: boolean): void {
    if (!this.#ends || areThere !== this.#hasEnded) return;
    this.#setEnded(!areThere);
    this.#flow();
  }

  #noteEnd(): void {
    if (!this.#ends || this.#isSlots) return;
    this.#setEnded(this.#messages.length === this.#first && !this.#isHeld(this.#writers, WRITES));
  }

  #setEnded(hasEnded: boolean): void {
    if (hasEnded === this.#hasEnded) return;
    this.#hasEnded = hasEnded;
    for (const { client } of this.#readers.values()) {
      if (hasEnded) client.end(this.id);
      else client.reopen(this.id);
    }
  }
}
