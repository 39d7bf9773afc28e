/**
 * A program of its own with four slots, and locks in it: the world of scenarios that
 * run whole waits, from the lock down to the bell.
 */
import assert from "node:assert/strict";
import { type Body, type Outcome, type Shared } from "heddle/testing";

import { AgentTable } from "../../build/src/memory/agent-table.js";
import { NEVER } from "../../build/src/memory/deadline.js";
import { Heap } from "../../build/src/memory/heap.js";
import { adoptProgram, program } from "../../build/src/program/program.js";
import { SharedBlock } from "../../build/src/program/shared-object.js";
import { SharedLock } from "../../build/src/waiting/shared-lock.js";

/** The slots of the program, here and in bugs/waiting.ts. */
export const SLOTS = 4;
/** Behind the agents and the kinds: see program/program.ts. */
const HEAP_AT = AgentTable.words(SLOTS) + 2;
const BLOCK_WORDS = 32;
const FIRST_BLOCK = HEAP_AT + Heap.words(SLOTS) + 1;

/** Words before an object's own: references, kind, serial, one word of agents, one to be even. */
export const CONTENTS = 3 + 1 + 2;

export const memory = { program: FIRST_BLOCK + 4 * BLOCK_WORDS, guarded: 1 };

export type Names = keyof typeof memory;

/** Index of a block's words, by the number of the object in a scenario. */
export const addressOf = (object: number): number => FIRST_BLOCK + object * BLOCK_WORDS;

/** Makes so many objects of one kind, known to all agents. */
export const setup =
  (kind: number, objects: number, agents: number) =>
  ({ program: words }: Shared<Names>): void => {
    const table = new AgentTable(words, 0, SLOTS);
    for (let agent = 0; agent < agents; agent++) table.claim(-1);
    for (let object = 0; object < objects; object++) {
      words[addressOf(object)] = agents; // REFS
      words[addressOf(object) + 1] = kind;
      words[addressOf(object) + 3] = 2 ** agents - 1; // KNOWN
    }
  };

/** Everything that a worker has for itself, made anew for each run. */
export function begin({ program: words }: Shared<Names>, slot: number): void {
  const registry = (globalThis as { [key: symbol]: Map<string, unknown> })[Symbol.for("heddle")];
  for (const name of ["program@1", "pump@1", "waits@1", "shared objects@1"]) registry?.delete(name);
  adoptProgram({ memory: words.buffer as SharedArrayBuffer, slot });
}

export function open(object: number, isOwned: boolean): SharedLock {
  const block = new SharedBlock(program(), addressOf(object), false);
  return new SharedLock(block, block.at, isOwned);
}

/** An agent that works alone for a while, and notes what was there before. */
export const working =
  (isOwned: boolean, times = 1): Body<Names> =>
  (shared, { agent, note }) => {
    begin(shared, agent);
    const lock = open(0, isOwned);
    for (let time = 0; time < times; time++) {
      if (!lock.tryAcquire()) lock.acquireSync(NEVER);
      const before = shared.guarded[0] as number;
      shared.guarded[0] = agent + 1;
      note(before);
      shared.guarded[0] = 0;
      lock.release();
    }
  };

export const alone = (_: Shared<Names>, { notes, dead }: Outcome): void => {
  // Who dies in the middle leaves its mark; everybody else finds none.
  const marks = notes.map(({ value }) => value).filter((value) => value !== 0);
  assert.ok(
    marks.every((mark) => dead.includes(mark - 1)),
    `an agent found the mark of ${marks.join()}`,
  );
};

/** Whoever learns of a death: here, an agent that does nothing else. */
export const burying = (shared: Shared<Names>, dead: number): void => {
  begin(shared, SLOTS - 1);
  program().reportDeath(dead, program().agents.agentAt(dead));
};
