/**
 * An owner and two workers on a call table and a call ring.
 *
 * A job is one use of an entry. The owner writes the job's number into the entry
 * before it enqueues it; a worker that has claimed the entry reads the number and
 * notes that it runs the job.
 */
import assert from "node:assert/strict";
import {
  type AgentContext,
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { load, store } from "../../../build/src/memory/atomics.js";
import { NOTHING, Ring } from "../../../build/src/memory/ring.js";
import { CallRequests } from "../../../build/src/memory/call-requests.js";
import { CallTable } from "../../../build/src/memory/call-table.js";

const CALLS = 2;
const SLOTS = 4;
const memory = {
  table: CALLS,
  requests: CALLS,
  calls: Ring.words(SLOTS),
  finished: Ring.words(SLOTS),
  jobs: CALLS,
  ended: CALLS,
};

type Memory = Shared<keyof typeof memory>;

/** What is noted of a job. */
const RUN = 100;
const CANCELLED = 200;
const SETTLED = 300;
const HELD = 400;
const ASKED = 500;
const ENDED = 600;
const LEFT = 700;

const tableOf = ({ table }: Memory): CallTable => new CallTable(table, 1);
const requestsOf = ({ requests }: Memory): CallRequests => new CallRequests(requests);
const callsOf = ({ calls }: Memory): Ring => new Ring(calls, SLOTS, CALLS);
const finishedOf = ({ finished }: Memory): Ring => new Ring(finished, SLOTS, CALLS);

/** Owner: enqueues a job. */
function submit(shared: Memory, id: number, job: number): void {
  store(shared.jobs, id, job);
  requestsOf(shared).clear(id);
  tableOf(shared).enqueue(id);
  assert.ok(callsOf(shared).push(id), "the call ring is full");
}

/** Owner: takes a job back, if it is in time. */
function cancel(shared: Memory, id: number, job: number, { note }: AgentContext): boolean {
  const isInTime = tableOf(shared).cancel(id);
  if (isInTime) note(CANCELLED + job);
  return isInTime;
}

/** Owner: settles the jobs that are finished, and frees their entries. */
function settle(shared: Memory, note: AgentContext["note"]): number[] {
  const free: number[] = [];
  const table = tableOf(shared);
  for (let id = finishedOf(shared).take(); id !== NOTHING; id = finishedOf(shared).take()) {
    assert.ok(table.isDone(id), "an id in the finished ring is not done");
    if (load(shared.ended, id) === 0) note(SETTLED + load(shared.jobs, id));
    store(shared.ended, id, 0);
    table.free(id);
    free.push(id);
  }
  return free;
}

/** Worker: runs the next job, if there is one. */
function runNext(shared: Memory, me: number, note: AgentContext["note"]): boolean {
  const table = tableOf(shared);
  const id = callsOf(shared).take((candidate) => table.claim(candidate, me));
  if (id === NOTHING) return false;
  const job = load(shared.jobs, id);
  note(RUN + job);
  if (requestsOf(shared).isAsked(id)) note(ASKED + job);
  const isFinished = table.finish(id, me);
  if (!isFinished) {
    assert.equal(load(shared.jobs, id), job, "the entry of a call that was ended has another call");
    note(LEFT + job);
    assert.ok(table.leave(id, me));
  }
  assert.ok(finishedOf(shared).push(id), "the finished ring is full");
  return isFinished;
}

/** An agent that takes calls so many times. */
function worker(times: number): Body<keyof typeof memory> {
  return (shared, { agent, note }) => {
    for (let time = 0; time < times; time++) {
      if (!runNext(shared, agent, note) && tableOf(shared).isEnded(0)) return;
    }
  };
}

/** The owner, told of a death: settles what is finished, reports and frees what the dead one holds. */
function reportDeath(shared: Memory, dead: number, { note }: AgentContext): void {
  settle(shared, note);
  const table = tableOf(shared);
  for (const id of table.heldBy(dead)) {
    if (load(shared.ended, id) === 0) note(HELD + load(shared.jobs, id));
    store(shared.ended, id, 0);
    table.free(id);
  }
}

/** Says that each job was run once, or cancelled, or is reported as the dead one's. */
function eachJobOnce(jobs: readonly number[]): (shared: Memory, outcome: Outcome) => void {
  return (shared, { notes, dead }) => {
    const written = notes.map(({ value }) => value);
    const note = (value: number): void => void written.push(value);
    while (runNext(shared, 7, note));
    settle(shared, note);
    for (const job of jobs) {
      const times = [RUN, CANCELLED, SETTLED, HELD].map(
        (fact) => written.filter((value) => value === fact + job).length,
      );
      const fates = ["1,0,1,0", "0,1,0,0"];
      // The dead one had claimed it, and may have said so; or had finished it.
      if (dead.length > 0) fates.push("0,0,0,1", "1,0,0,1");
      assert.ok(
        fates.includes(String(times)),
        `job ${job} was run, cancelled, settled, held ${times.join(", ")} times`,
      );
    }
    const table = tableOf(shared);
    for (let id = 0; id < CALLS; id++)
      assert.ok(!table.isClaimed(id) && !table.isQueued(id), `entry ${id} is not free`);
  };
}

/** Two ids are queued; one of them is in the ring twice. */
export const twoWorkersClaim: Scenario<keyof typeof memory> = scenario(
  import.meta.url,
  "twoWorkersClaim",
  {
    memory,
    setup: (shared) => {
      submit(shared, 0, 1);
      submit(shared, 1, 2);
      callsOf(shared).push(0);
    },
    agents: [worker(2), worker(2)],
    afterDeath: reportDeath,
    check: eachJobOnce([1, 2]),
  },
);

export const ownerCancels: Scenario<keyof typeof memory> = scenario(
  import.meta.url,
  "ownerCancels",
  {
    memory,
    setup: (shared) => {
      submit(shared, 0, 1);
      submit(shared, 1, 2);
    },
    agents: [
      (shared, context) => {
        cancel(shared, 0, 1, context);
        cancel(shared, 1, 2, context);
      },
      worker(2),
      worker(1),
    ],
    mortal: [1, 2],
    afterDeath: reportDeath,
    check: eachJobOnce([1, 2]),
  },
);

/** The owner cancels a job and uses its entry again: its id is in the ring twice, once stale. */
export const ownerRecyclesCancelled: Scenario<keyof typeof memory> = scenario(
  import.meta.url,
  "ownerRecyclesCancelled",
  {
    memory,
    setup: (shared) => submit(shared, 0, 1),
    agents: [
      (shared, context) => {
        if (cancel(shared, 0, 1, context)) submit(shared, 0, 2);
        else submit(shared, 1, 2);
        if (cancel(shared, 0, 2, context)) submit(shared, 0, 3);
        else context.note(CANCELLED + 3);
      },
      worker(2),
      worker(1),
    ],
    mortal: [1, 2],
    check: eachJobOnce([1, 2, 3]),
  },
);

/** The owner uses the entry of a finished job again while stale ids of it are about. */
export const ownerRecyclesFinished: Scenario<keyof typeof memory> = scenario(
  import.meta.url,
  "ownerRecyclesFinished",
  {
    memory,
    setup: (shared) => {
      submit(shared, 0, 1);
      callsOf(shared).push(0);
    },
    agents: [
      (shared, { note }) => {
        const free = settle(shared, note);
        submit(shared, free.includes(0) ? 0 : 1, 2);
        settle(shared, note);
      },
      worker(2),
      worker(2),
    ],
    check: eachJobOnce([1, 2]),
  },
);

/** The owner asks the first job to stop, and takes it from its worker; then it uses the entry again. */
const endsTheFirst: Body<keyof typeof memory> = (shared, { note }) => {
  const table = tableOf(shared);
  if (table.isClaimed(0) && !table.isDone(0)) requestsOf(shared).ask(0);
  if (table.end(0) !== -1) {
    store(shared.ended, 0, 1);
    note(ENDED + 1);
  }
  const free = settle(shared, note);
  submit(shared, free.includes(0) ? 0 : 1, 2);
  settle(shared, note);
};

/** Each job was run once and settled, or taken while it ran; only the first one was asked to stop. */
function eachFinishedOrEnded(shared: Memory, { notes, dead }: Outcome): void {
  const written = notes.map(({ value }) => value);
  const note = (value: number): void => void written.push(value);
  while (runNext(shared, 7, note));
  settle(shared, note);
  for (const agent of dead) reportDeath(shared, agent, { note } as AgentContext);
  const times = (fact: number): number => written.filter((value) => value === fact).length;
  for (const job of [1, 2]) {
    const fates = [RUN, SETTLED, ENDED, HELD].map((fact) => times(fact + job));
    const right = ["1,1,0,0", ...(job === 1 ? ["1,0,1,0"] : [])];
    // The dead one had claimed it, and may have said so.
    if (dead.length > 0) right.push("0,0,0,1", "1,0,0,1", "0,0,1,0");
    assert.ok(
      right.includes(String(fates)),
      `job ${job} was run, settled, ended, held ${fates.join(", ")}`,
    );
  }
  assert.equal(times(ASKED + 2), 0, "a job was asked to stop that another one's request was for");
  if (dead.length === 0)
    assert.equal(times(LEFT + 1), times(ENDED + 1), "a worker went on though its call was taken");
  const table = tableOf(shared);
  for (let id = 0; id < CALLS; id++) {
    assert.ok(!table.isClaimed(id) && !table.isQueued(id), `entry ${id} is not free`);
  }
}

export const ownerEnds: Scenario<keyof typeof memory> = scenario(import.meta.url, "ownerEnds", {
  memory,
  setup: (shared) => submit(shared, 0, 1),
  agents: [endsTheFirst, worker(2), worker(2)],
  mortal: [1, 2],
  check: eachFinishedOrEnded,
});
