/**
 * Whole waits of agents that await: PromiseWaits, pump and event loop, the hand-over from a
 * condition to its lock, and questions to an agent that sleeps, on a program of its own.
 */
import assert from "node:assert/strict";
import {
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { add, pause } from "../../../build/src/memory/atomics.js";
import { Mutex } from "../../../build/src/memory/mutex.js";
import { NEVER } from "../../../build/src/memory/deadline.js";
import {
  CONDITION,
  EVENT,
  fillKind,
  handleCodec,
  LOCK,
  RLOCK,
  SEMAPHORE,
} from "../../../build/src/program/kinds.js";
import { Lock } from "../../../build/src/_thread/lock.js";
import { RLock } from "../../../build/src/_thread/rlock.js";
import { program } from "../../../build/src/program/program.js";
import { Condition } from "../../../build/src/threading/condition.js";
import { Event } from "../../../build/src/threading/event.js";
import { Semaphore } from "../../../build/src/threading/semaphore.js";
import { askForSites } from "../../../build/src/waiting/deadlock.js";
import { FOR_EVER } from "../../../build/src/waiting/wait-options.js";
import { countWaiting } from "../../../build/src/waiting/wait-point.js";
import { nextTurn, runLoop } from "../event-loop.ts";
import {
  addressOf,
  alone,
  begin,
  burying,
  CONTENTS,
  memory,
  type Names,
  open,
  setup,
  SLOTS,
  working,
} from "../whole-program.ts";

type Memory = Shared<Names>;

fillKind(LOCK, () => new Lock());
fillKind(RLOCK, () => new RLock());
fillKind(SEMAPHORE, () => new Semaphore());
fillKind(EVENT, () => new Event());
fillKind(CONDITION, () => new Condition());

const DONE = 2;
/** Where a wait set says which agent it chose last. */
const LAST_CHOSEN = 1;

/** Each number is that of the agent that holds the lock with that index at first. */
const held =
  (...holders: readonly number[]) =>
  (shared: Memory): void => {
    setup(LOCK, holders.length, 3)(shared);
    for (const [object, holder] of holders.entries()) {
      shared.program[addressOf(object) + CONTENTS] = holder + 1;
    }
  };

/** An agent that awaits the lock with so many promises at once. */
const awaiting =
  (promises: number): Body<Names> =>
  (shared, { agent, note, idle }) => {
    begin(shared, agent);
    runLoop(idle, async () => {
      const lock = open(0, false);
      const worked = Array.from({ length: promises }, async () => {
        await lock.acquire(FOR_EVER);
        const before = shared.guarded[0] as number;
        shared.guarded[0] = agent + 1;
        note(before);
        await nextTurn();
        shared.guarded[0] = 0;
        lock.release();
      });
      await Promise.all(worked);
    });
  };

const worked =
  (times: number) =>
  (shared: Memory, outcome: Outcome): void => {
    alone(shared, outcome);
    assert.equal(outcome.notes.length, times);
  };

export const awaitsAndBlocks: Scenario<Names> = scenario(import.meta.url, "awaitsAndBlocks", {
  memory,
  setup: setup(LOCK, 1, 2),
  agents: [awaiting(1), working(false, 2)],
  check: worked(3),
});

export const twoAwait: Scenario<Names> = scenario(import.meta.url, "twoAwait", {
  memory,
  setup: setup(LOCK, 1, 2),
  agents: [awaiting(2), awaiting(1)],
  check: worked(3),
});

export const blockerMayDie: Scenario<Names> = scenario(import.meta.url, "blockerMayDie", {
  memory,
  setup: setup(RLOCK, 1, 2),
  agents: [
    (shared, { agent, note, idle }) => {
      begin(shared, agent);
      runLoop(idle, async () => {
        const lock = open(0, true);
        await lock.acquire(FOR_EVER);
        note(0);
        lock.release();
      });
    },
    working(true),
  ],
  mortal: [1],
  afterDeath: burying,
  check: (_, { notes }) => assert.ok(notes.some(({ agent }) => agent === 0)),
});

/**
 * An agent awaits the first lock and blocks for the second. Who holds the second gives
 * it back only once it has had the first: the agent must pass that on while it blocks.
 */
export const blocksWhileItAwaits: Scenario<Names> = scenario(
  import.meta.url,
  "blocksWhileItAwaits",
  {
    memory,
    setup: (shared) => {
      held(1, 2)(shared);
      // The first agent is the next in turn.
      shared.program[addressOf(0) + CONTENTS + Mutex.WORDS + LAST_CHOSEN] = SLOTS - 1;
    },
    agents: [
      (shared, { agent, note, idle }) => {
        begin(shared, agent);
        runLoop(idle, async () => {
          const [first, second] = [open(0, false), open(1, false)];
          let isMine = false;
          const awaited = first.acquire(FOR_EVER, () => (isMine = true));
          const wasFree = isMine;
          if (wasFree) first.release();
          second.acquireSync(NEVER);
          second.release();
          await awaited;
          if (!wasFree) first.release();
          note(DONE);
        });
      },
      (shared, { agent, note }) => {
        begin(shared, agent);
        open(0, false).release();
        note(DONE);
      },
      (shared, { agent, note }) => {
        begin(shared, agent);
        open(0, false).acquireSync(NEVER);
        open(1, false).release();
        open(0, false).release();
        note(DONE);
      },
    ],
    check: (_, { notes }) => assert.equal(notes.length, 3),
  },
);

/** An agent awaits a lock and blocks for the same one. */
export const blocksForWhatItAwaits: Scenario<Names> = scenario(
  import.meta.url,
  "blocksForWhatItAwaits",
  {
    memory,
    setup: setup(LOCK, 1, 2),
    agents: [
      (shared, { agent, note, idle }) => {
        begin(shared, agent);
        runLoop(idle, async () => {
          const lock = open(0, false);
          let isMine = false;
          const awaited = lock.acquire(FOR_EVER, () => (isMine = true));
          const wasFree = isMine;
          if (wasFree) lock.release();
          lock.acquireSync(NEVER);
          lock.release();
          await awaited;
          if (!wasFree) lock.release();
          note(0);
        });
      },
      working(false, 2),
    ],
    check: worked(3),
  },
);

/** Two promises of an agent, each by a handle of its own, and one of them is given up. */
export const givesUpOneOfTwo: Scenario<Names> = scenario(import.meta.url, "givesUpOneOfTwo", {
  memory,
  setup: held(1),
  agents: [
    (shared, { agent, note, idle }) => {
      begin(shared, agent);
      runLoop(idle, async () => {
        const abort = new AbortController();
        const [one, other] = [open(0, false), open(0, false)];
        const givenUp = one.acquire({ ...FOR_EVER, signal: abort.signal }).then(
          () => one.release(),
          () => undefined,
        );
        const awaited = other.acquire(FOR_EVER);
        await nextTurn();
        abort.abort();
        await Promise.all([givenUp, awaited]);
        note(DONE);
      });
    },
    (shared, { agent, note }) => {
      begin(shared, agent);
      open(0, false).release();
      note(DONE);
    },
  ],
  check: (_, { notes }) => assert.equal(notes.length, 2),
});

/** What is waited for: none of it is there at first. */
interface Given {
  wait(): Promise<boolean>;
  waitSync(): boolean;
}

const semaphore = (): Semaphore => handleCodec.receive(addressOf(0)) as Semaphore;
const permits = (): Given => ({
  wait: async () => semaphore().acquire(),
  waitSync: () => semaphore().acquireSync(),
});

const event = (): Event => handleCodec.receive(addressOf(0)) as Event;
const settings = (): Given => ({
  wait: async () => event().wait(),
  waitSync: () => event().waitSync(),
});

const awaits =
  (given: () => Given, promises: number): Body<Names> =>
  (shared, { agent, note, idle }) => {
    begin(shared, agent);
    runLoop(idle, async () => {
      const { wait } = given();
      await Promise.all(Array.from({ length: promises }, wait));
      note(DONE);
    });
  };

const blocks =
  (given: () => Given): Body<Names> =>
  (shared, { agent, note }) => {
    begin(shared, agent);
    given().waitSync();
    note(DONE);
  };

/** Three permits, one by one: each is taken, also while others wait. */
export const awaitedSemaphore: Scenario<Names> = scenario(import.meta.url, "awaitedSemaphore", {
  memory,
  setup: setup(SEMAPHORE, 1, 3),
  agents: [
    awaits(permits, 2),
    blocks(permits),
    (shared, { agent, note }) => {
      begin(shared, agent);
      const given = semaphore();
      for (let permit = 0; permit < 3; permit++) given.release();
      note(DONE);
    },
  ],
  check: (_, { notes }) => assert.equal(notes.length, 3),
});

/** Who has come before the event is set goes on, though it is cleared at once. */
export const awaitedEvent: Scenario<Names> = scenario(import.meta.url, "awaitedEvent", {
  memory,
  setup: setup(EVENT, 1, 3),
  agents: [
    awaits(settings, 1),
    blocks(settings),
    (shared, { agent, note }) => {
      begin(shared, agent);
      const given = event();
      while ((countWaiting(given) ?? 0) < 2) pause();
      given.set();
      given.clear();
      note(DONE);
    },
  ],
  check: (_, { notes }) => assert.equal(notes.length, 3),
});

/** Those of some agents that say that they wait, as dump() asks them. */
function askWhoWaits(...agents: readonly number[]): void {
  const own = program();
  askForSites(
    own,
    agents.filter((agent) => own.recordOf(agent).wait !== undefined),
  );
}

/** An agent that awaits a lock asks another one, which sleeps, where it waits. */
export const asksWhileItAwaits: Scenario<Names> = scenario(import.meta.url, "asksWhileItAwaits", {
  memory,
  setup: held(1, 0),
  agents: [
    (shared, { agent, note, idle }) => {
      begin(shared, agent);
      runLoop(idle, async () => {
        const awaited = open(0, false).acquire(FOR_EVER);
        await nextTurn();
        askWhoWaits(1);
        open(1, false).release();
        await awaited;
        note(DONE);
      });
    },
    (shared, { agent, note }) => {
      begin(shared, agent);
      open(1, false).acquireSync(NEVER);
      open(0, false).release();
      note(DONE);
    },
  ],
  check: (_, { notes }) => assert.equal(notes.length, 2),
});

/** Asks the first agent, and lets it go on if the other one has asked, too. */
const asking: Body<Names> = (shared, { agent, note }) => {
  begin(shared, agent);
  askWhoWaits(0);
  note(DONE);
  if (add(shared.guarded, 0, 1) === 1) open(0, false).release();
};

export const twoAsk: Scenario<Names> = scenario(import.meta.url, "twoAsk", {
  memory,
  setup: held(1),
  agents: [
    (shared, { agent, note }) => {
      begin(shared, agent);
      open(0, false).acquireSync(NEVER);
      note(DONE);
    },
    asking,
    asking,
  ],
  check: (_, { notes }) => assert.equal(notes.length, 3),
});

const [THE_CONDITION, ITS_LOCK, SIGNAL] = [0, 1, 2] as const;
/** Where a block says which other one it needs: before its contents, which are even. */
const INNER = CONTENTS - 2;

const withCondition =
  (agents: number) =>
  (shared: Memory): void => {
    setup(RLOCK, 3, agents)(shared);
    shared.program[addressOf(THE_CONDITION) + 1] = CONDITION;
    shared.program[addressOf(THE_CONDITION) + INNER] = addressOf(ITS_LOCK);
  };

const openCondition = (): Condition => handleCodec.receive(addressOf(THE_CONDITION)) as Condition;

const blocksForIt: Body<Names> = (shared, { agent, note }) => {
  begin(shared, agent);
  const condition = openCondition();
  condition.withSync(() => condition.waitSync());
  note(DONE);
};

const awaitsIt: Body<Names> = (shared, { agent, note, idle }) => {
  begin(shared, agent);
  runLoop(idle, async () => {
    const condition = openCondition();
    await condition.with(async () => condition.wait());
    note(DONE);
  });
};

/** Does something as soon as two are said to wait. */
const onceTwoWait =
  (act: (condition: Condition) => void): Body<Names> =>
  (shared, { agent, note }) => {
    begin(shared, agent);
    const condition = openCondition();
    while ((countWaiting(condition) ?? 0) < 2) pause();
    act(condition);
    note(DONE);
  };

const notifyAll = (condition: Condition): void => condition.withSync(() => condition.notifyAll());

/** All that are said to wait for a condition are notified. */
export const awaitedCondition: Scenario<Names> = scenario(import.meta.url, "awaitedCondition", {
  memory,
  setup: withCondition(3),
  agents: [awaitsIt, blocksForIt, onceTwoWait(notifyAll)],
  check: (_, { notes }) => assert.equal(notes.length, 3),
});

/** The same, and the agent that awaits the condition is told to notify. */
export const notifiesItself: Scenario<Names> = scenario(import.meta.url, "notifiesItself", {
  memory,
  setup: (shared) => {
    withCondition(3)(shared);
    shared.program[addressOf(SIGNAL) + 1] = LOCK;
    shared.program[addressOf(SIGNAL) + CONTENTS] = 1; // the first agent has it
  },
  agents: [
    (shared, { agent, note, idle }) => {
      begin(shared, agent);
      runLoop(idle, async () => {
        const condition = openCondition();
        const awaited = condition.with(async () => condition.wait());
        await open(SIGNAL, false).acquire(FOR_EVER);
        notifyAll(condition);
        await awaited;
        note(DONE);
      });
    },
    blocksForIt,
    onceTwoWait(() => void open(SIGNAL, false).release()),
  ],
  check: (_, { notes }) => assert.equal(notes.length, 3),
});
