/**
 * Lanes under all sorts of schedules: what clients say and what they are told travels, and
 * chance decides what arrives next. No message may be lost, or come twice.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { READS, WRITES } from "../../../build/src/multiprocessing/channels/frames.js";
import { type Client, Lane } from "../../../build/src/multiprocessing/channels/lane.js";
import { Dice } from "../../support/dice.ts";

interface Message {
  readonly number: number;
  readonly text: string;
}

/** An agent with its courier: takers, and what lies there for them. */
class Agent {
  readonly #lane: Lane;
  /** What it has said and the lane has not heard, and what it has been told and has not heard. */
  readonly outgoing: (() => void)[] = [];
  readonly incoming: (() => void)[] = [];
  readonly inbox: Message[] = [];
  readonly taken: Message[] = [];
  takers = 0;
  hasEnded = false;
  readonly client: Client = {
    deliver: (_lane, number, bytes) => {
      const message = { number, text: String.fromCharCode(...bytes) };
      this.incoming.push(() => this.#receive(message));
    },
    end: () => void this.incoming.push(() => (this.hasEnded = true)),
    reopen: () => void this.incoming.push(() => (this.hasEnded = false)),
    recall: () => void this.incoming.push(() => this.#recalled()),
    answer: () => assert.fail("nothing was asked"),
  };

  constructor(lane: Lane) {
    this.#lane = lane;
  }

  say(what: (lane: Lane, client: Client) => void): void {
    this.outgoing.push(() => what(this.#lane, this.client));
  }

  #receive(message: Message): void {
    this.inbox.push(message);
    this.#serve();
  }

  #serve(): void {
    while (this.takers > 0 && this.inbox.length > 0) {
      this.takers--;
      this.taken.push(this.inbox.shift() as Message);
    }
  }

  #recalled(): void {
    const message = this.inbox.shift();
    if (message !== undefined) this.#giveBack(message, false);
  }

  #giveBack({ number, text }: Message, wasTaken: boolean): void {
    this.say((lane, client) => lane.giveBack(client, number, bytesOf(text), wasTaken));
  }

  want(): void {
    this.takers++;
    this.say((lane, client) => lane.want(client));
    this.#serve();
  }

  giveUp(): void {
    if (this.takers === 0) return;
    this.takers--;
    this.say((lane, client) => lane.unwant(client));
  }

  returnLast(): void {
    const message = this.taken.pop();
    if (message !== undefined) this.#giveBack(message, true);
  }
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Lets something arrive; says whether anything was on its way. */
function step(agents: readonly Agent[], dice: Dice): boolean {
  const ways = agents.flatMap(({ outgoing, incoming }) =>
    [outgoing, incoming].filter((way) => way.length > 0),
  );
  ways[ways.length === 0 ? 0 : dice.roll(ways.length)]?.shift()?.();
  return ways.length > 0;
}

function settle(agents: readonly Agent[], dice: Dice): void {
  while (step(agents, dice));
}

const SEEDS = Array.from({ length: 300 }, (_, n) => n + 1);

describe("a lane", () => {
  for (const readers of [1, 2, 3]) {
    it(`gives each message to one taker, with ${readers} that read`, () => {
      for (const seed of SEEDS) {
        const dice = new Dice(seed);
        const lane = new Lane(2, { ends: false, isSlots: false, slots: undefined });
        const agents = Array.from({ length: readers }, () => new Agent(lane));
        const writer = new Agent(lane);
        writer.say((each, client) => each.open(client, WRITES, 0));
        for (const agent of agents) agent.say((each, client) => each.open(client, READS, 0));
        const all = [...agents, writer];
        const put: string[] = [];
        for (let n = 0; n < 120; n++) {
          const agent = agents[dice.roll(readers)] as Agent;
          const what = dice.roll(10);
          if (what < 3) {
            const text = `m${put.length}`;
            put.push(text);
            writer.say((each, client) => each.put(client, bytesOf(text)));
          } else if (what < 6) agent.want();
          else if (what < 7) agent.giveUp();
          else if (what < 8) agent.returnLast();
          else for (let k = dice.roll(6); k > 0; k--) step(all, dice);
        }
        settle(all, dice);
        for (const agent of agents) while (agent.takers > 0) agent.giveUp();
        settle(all, dice);
        // What is left can be taken, by whoever asks.
        for (const agent of agents) {
          for (let n = agent.inbox.length + lane.size; n > 0; n--) agent.want();
          settle(all, dice);
          while (agent.takers > 0) agent.giveUp();
          settle(all, dice);
        }
        const got = agents.flatMap(({ taken }) => taken.map(({ text }) => text));
        assert.deepEqual(got.sort(), put.sort(), `seed ${seed}`);
        assert.equal(lane.size, 0, `seed ${seed}`);
      }
    });
  }

  it("keeps the order for one that reads alone", () => {
    for (const seed of SEEDS) {
      const dice = new Dice(seed);
      const lane = new Lane(2, { ends: false, isSlots: false, slots: undefined });
      const [reader, writer] = [new Agent(lane), new Agent(lane)];
      writer.say((each, client) => each.open(client, WRITES, 0));
      reader.say((each, client) => each.open(client, READS, 0));
      for (let n = 0; n < 100; n++) {
        writer.say((each, client) => each.put(client, bytesOf(`${n}`)));
        for (let k = dice.roll(5); k > 0; k--) step([reader, writer], dice);
        if (dice.roll(2) === 0) reader.want();
        if (dice.roll(5) === 0) reader.giveUp();
      }
      settle([reader, writer], dice);
      for (let n = lane.size; n > 0; n--) reader.want();
      settle([reader, writer], dice);
      const numbers = reader.taken.map(({ number }) => number);
      assert.deepEqual(
        numbers,
        Array.from({ length: 100 }, (_, n) => n),
        `seed ${seed}`,
      );
    }
  });

  for (const canGiveUp of [false, true]) {
    const name = canGiveUp
      ? "has all its slots back in the end"
      : "never holds more than its slots allow";
    it(name, () => checkSlots(canGiveUp));
  }

  function checkSlots(canGiveUp: boolean): void {
    for (const seed of SEEDS) {
      const dice = new Dice(seed);
      const slots = new Lane(3, { ends: true, isSlots: true, slots: undefined });
      slots.putBlanks(3);
      const lane = new Lane(2, { ends: true, isSlots: false, slots });
      const readers = [new Agent(lane), new Agent(lane)];
      const writers = [new Agent(slots), new Agent(slots)];
      for (const { client } of writers) {
        lane.open(client, WRITES, 0);
        slots.open(client, READS, 0);
      }
      for (const { client } of readers) lane.open(client, READS, 0);
      const all = [...readers, ...writers];
      for (let n = 0; n < 200; n++) {
        const writer = writers[dice.roll(2)] as Agent;
        const reader = readers[dice.roll(2)] as Agent;
        const what = dice.roll(8);
        if (what < 2) writer.want();
        else if (what < 3 && canGiveUp) writer.giveUp();
        else if (what < 5) reader.want();
        else if (what < 6 && canGiveUp) reader.giveUp();
        else for (let k = dice.roll(6); k > 0; k--) step(all, dice);
        for (const { taken: has, client } of writers) {
          for (; has.length > 0; has.pop()) lane.put(client, bytesOf("x"));
        }
        // One that comes back from a taker that has given up may find its slot used.
        if (!canGiveUp) assert.ok(lane.size <= 3, `seed ${seed}: ${lane.size}`);
      }
      settle(all, dice);
      for (const agent of all) while (agent.takers > 0) agent.giveUp();
      settle(all, dice);
      for (const reader of readers) {
        for (let n = lane.size; n > 0; n--) reader.want();
        settle(all, dice);
        while (reader.takers > 0) reader.giveUp();
        settle(all, dice);
      }
      const free = slots.size + writers.reduce((sum, { taken: has }) => sum + has.length, 0);
      assert.equal(free, 3, `seed ${seed}`);
    }
  }

  it("ends when its last writer has gone, and goes on when there is one again", () => {
    const lane = new Lane(2, { ends: true, isSlots: false, slots: undefined });
    const [reader, first, second] = [new Agent(lane), new Agent(lane), new Agent(lane)];
    const dice = new Dice(1);
    const now = (): boolean => {
      settle([reader, first, second], dice);
      return reader.hasEnded;
    };
    lane.open(reader.client, READS, 0);
    assert.equal(now(), false); // it has had none yet
    lane.open(first.client, WRITES, 0);
    lane.put(first.client, bytesOf("left"));
    lane.close(first.client, WRITES, false);
    assert.equal(now(), false);
    reader.want();
    assert.equal(now(), true);
    lane.open(second.client, WRITES, 0);
    assert.equal(now(), false);
    // What is on its way to another agent holds it; the lender does not, once that agent has died.
    lane.lend(second.client, WRITES, 7);
    assert.equal(now(), false);
    lane.open(first.client, WRITES, 7);
    lane.close(first.client, WRITES, false);
    assert.equal(now(), false);
    lane.lend(second.client, WRITES, 8);
    lane.open(first.client, WRITES, 8);
    lane.close(first.client, WRITES, true);
    assert.equal(now(), true);
    lane.put(second.client, bytesOf("used again"));
    assert.equal(now(), false);
  });
});
