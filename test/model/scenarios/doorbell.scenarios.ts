/** Workers that publish and ring, and an agent that arms, looks once more and sleeps. */
import assert from "node:assert/strict";
import {
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { add, load } from "../../../build/src/memory/atomics.js";
import { Doorbell } from "../../../build/src/memory/doorbell.js";

const NEWS = 0;
const DEATHS = 32;
const memory = { bell: 1, news: 64 };

type Names = keyof typeof memory;
type Memory = Shared<Names>;

/** What has happened so far: each ringer publishes once or dies. */
function happened({ news }: Memory): number {
  return load(news, NEWS) + load(news, DEATHS);
}

const sleeper =
  (events: number, timeoutMs = Infinity): Body<Names> =>
  (shared, { note }) => {
    const bell = new Doorbell(shared.bell);
    for (;;) {
      if (happened(shared) >= events) break;
      bell.arm();
      if (happened(shared) >= events) break;
      bell.sleep(timeoutMs);
    }
    bell.disarm();
    note(happened(shared));
  };

/** Sleeps in `waitAsync`; as its wait cannot be cancelled, it keeps one until that is notified. */
const listener =
  (events: number): Body<Names> =>
  (shared, { note, idle }) => {
    const bell = new Doorbell(shared.bell);
    while (happened(shared) < events) {
      bell.arm();
      if (happened(shared) >= events) bell.disarm();
      else if (bell.listen() !== undefined) idle();
    }
    note(happened(shared));
  };

const ringer =
  (times = 1): Body<Names> =>
  (shared) => {
    for (let time = 0; time < times; time++) {
      add(shared.news, NEWS, 1);
      new Doorbell(shared.bell).ring();
    }
  };

/** Whoever reports a death. */
function report(shared: Memory): void {
  add(shared.news, DEATHS, 1);
  new Doorbell(shared.bell).ringAlways();
}

/** The agent has seen everything; a death may be reported of one that has published. */
function hasSeen(events: number): (shared: Memory, outcome: Outcome) => void {
  return (_, { notes }) => {
    assert.equal(notes.length, 1);
    assert.ok((notes[0]?.value ?? 0) >= events);
  };
}

const ringers = { memory, mortal: [1, 2], afterDeath: report };

export const sleepsForTwo: Scenario<Names> = scenario(import.meta.url, "sleepsForTwo", {
  ...ringers,
  agents: [sleeper(2), ringer(), ringer()],
  check: hasSeen(2),
});

export const listensForTwo: Scenario<Names> = scenario(import.meta.url, "listensForTwo", {
  ...ringers,
  agents: [listener(2), ringer(), ringer()],
  check: hasSeen(2),
});

export const sleepsForMany: Scenario<Names> = scenario(import.meta.url, "sleepsForMany", {
  ...ringers,
  agents: [sleeper(4), ringer(2), ringer(2)],
  check: hasSeen(4),
});

export const sleepsWithTimeout: Scenario<Names> = scenario(import.meta.url, "sleepsWithTimeout", {
  ...ringers,
  agents: [sleeper(2, 10), ringer(), ringer()],
  check: hasSeen(2),
});

/** The agent first waits as one that listens, then blocks, while its old wait is still there. */
export const blocksWhileItListens: Scenario<Names> = scenario(
  import.meta.url,
  "blocksWhileItListens",
  {
    ...ringers,
    agents: [
      (shared, context) => {
        const bell = new Doorbell(shared.bell);
        bell.arm();
        void bell.listen();
        sleeper(2)(shared, context);
      },
      ringer(),
      ringer(),
    ],
    check: hasSeen(2),
  },
);
