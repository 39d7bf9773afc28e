/**
 * Finds out whether a wait can ever end.
 *
 * An agent is *asleep* if it blocks in a wait without a timeout during which no
 * code of the user's can run, and it has not been rung since it last looked. Its
 * record says the first (an odd WAIT_EPOCH, published after that look), its bell
 * the second (still armed). An asleep agent does nothing until an agent that can
 * end its wait does:
 *
 *   an RLock      its owner
 *   a join        the thread that is joined
 *   a call        the workers of the pools of the agent that waits
 *   all others    any agent that knows the object (a `Lock` may be released by
 *                 any agent that has it); any agent at all as long as a handle of it is
 *                 on its way: in the arguments of a call that no worker has begun, in an
 *                 item, in a result that has not been read
 *
 * and an idle worker does nothing until its creator gives it something to do. An agent that
 * waits for a call of its pools, or during whose wait such a call may end, is asleep as long as
 * no worker is about to take up what it has submitted (Pump.mayGoOn); its workers can end
 * its wait whatever it waits for.
 * From one sleeper on, collect all who could end its wait, all who could end
 * theirs, and so on: if all of them are asleep, none will ever wake.
 *
 * Why this is certain: before an agent gives up, they are collected twice, and all of the
 * second time slept already the first time: their epochs are the same. Sleepers change
 * nothing, so what was read the second time was true all along. (Once is not enough: of an
 * object's agents, the one that is looked at last may have handed it on before it fell asleep.)
 *
 * Why none is missed: a sleeper first publishes that it sleeps and then looks at
 * the others. The agent that completes the circle sees it; two may, and a claim in shared
 * memory says which of them gives up.
 *
 * Circles of two agents that block for locks, plain and reentrant, are explored under every
 * schedule in test/model/waiting.test.ts, and so are handles on their way. Joins, idle workers
 * and awake agents that know a lock are tested as they happen to run, in
 * test/unit/threading/deadlock.test.ts and blocking-for-ever.test.ts.
 */
import { load } from "../memory/atomics.ts";
import { RUNNING } from "../memory/agent-table.ts";
import type { WaitRecord } from "../memory/agent-record.ts";
import { MAIN_SLOT, type Program } from "../program/program.ts";
import { RLOCK } from "../program/kinds.ts";
import { SharedBlock } from "../program/shared-object.ts";

/** One agent of a circle, and what it waits for. */
export interface Sleeper {
  readonly slot: number;
  readonly wait: WaitRecord;
  /** The agent's record of its waits had this epoch. */
  readonly epoch: number;
}

/**
 * All agents that sleep with the given one and wait for each other, itself first;
 * undefined if an agent could still end its wait.
 */
export function findCircle(program: Program, slot: number): Sleeper[] | undefined {
  const met = new Map<number, Sleeper | undefined>();
  const pending = [slot];
  for (let next; (next = pending.pop()) !== undefined;) {
    if (met.has(next)) continue;
    if (isIdle(program, next)) {
      met.set(next, undefined);
      pending.push(program.agents.parentOf(next));
      continue;
    }
    const sleeper = asleep(program, next);
    const enders = sleeper === undefined ? undefined : whoCanEnd(program, sleeper);
    if (sleeper === undefined || enders === undefined) return undefined;
    met.set(next, sleeper);
    pending.push(...enders);
  }
  const sleepers = [...met.values()].filter((sleeper) => sleeper !== undefined);
  // Whose calls are over but not read yet goes on by itself.
  if (sleepers.every(waitsForCall)) return undefined;
  return sleepers.every((sleeper) => isStillAsleep(program, sleeper)) ? sleepers : undefined;
}

/**
 * All agents that sleep, if all do but the given one and workers with nothing to
 * do; undefined if another one is awake.
 */
export function sleepersBesides(program: Program, slot: number): Sleeper[] | undefined {
  const sleepers: Sleeper[] = [];
  for (const other of program.agents.live()) {
    if (other === slot || isIdle(program, other)) continue;
    const sleeper = asleep(program, other);
    if (sleeper === undefined) return undefined;
    sleepers.push(sleeper);
  }
  return sleepers.every((sleeper) => isStillAsleep(program, sleeper)) ? sleepers : undefined;
}

/** Whether all of them slept all the time from one search to the next. */
export function sleptSince(earlier: readonly Sleeper[], sleepers: readonly Sleeper[]): boolean {
  return sleepers.every(({ slot, epoch }) =>
    earlier.some((each) => each.slot === slot && each.epoch === epoch),
  );
}

/** Whether the agent waits for a call of its pools and for nothing else. */
function waitsForCall({ wait }: Sleeper): boolean {
  return wait.on === 0;
}

/** Those sleepers that hold what others wait for. */
function whoseEndHelps(program: Program, sleepers: readonly Sleeper[]): Sleeper[] {
  const wanted = new Set(sleepers.map(({ wait }) => wait.on));
  return sleepers.filter(({ slot }) => {
    return program
      .recordOf(slot)
      .held()
      .some((address) => wanted.has(address));
  });
}

/**
 * Those of which one should give up: that hold what others wait for. If none does, any but
 * those who wait for the result of a call: the call would go on waiting.
 */
export function fittest(program: Program, sleepers: readonly Sleeper[]): readonly Sleeper[] {
  const fit = whoseEndHelps(program, sleepers);
  if (fit.length > 0) return fit;
  const others = sleepers.filter((sleeper) => !waitsForCall(sleeper));
  return others.length > 0 ? others : sleepers;
}

/** Asks the main thread to look whether anything can go on, if it is the only one that is not known to sleep. */
export function suspectStall(program: Program): void {
  const { agents, slot } = program;
  if (slot === MAIN_SLOT) return;
  wakeCreator(program);
  if (asleep(program, MAIN_SLOT) !== undefined) return;
  const sleepers = sleepersBesides(program, MAIN_SLOT);
  if (sleepers === undefined) return;
  if (sleepers.length > 0 || program.recordOf(MAIN_SLOT).isInSet) agents.suspectStall();
}

/** The creator, if it blocks, may have thought that this worker was about to take up a call: it looks again. */
function wakeCreator(program: Program): void {
  const { agents, slot } = program;
  const creator = agents.parentOf(slot);
  if (creator < 0 || !agents.isLive(creator)) return;
  const { wait } = program.recordOf(creator);
  if (wait !== undefined && (wait.epoch & 1) === 0) agents.ring(creator);
}

/**
 * Whether the agent is a worker with nothing to do. It may still say so when it has
 * just been given something: a thread has its ident by then, and the creator of
 * any other task has that in flight, and so is not asleep.
 */
function isIdle(program: Program, slot: number): boolean {
  const record = program.recordOf(slot);
  return record.isIdle && (!record.runsThreads || program.agents.identOf(slot) === 0);
}

function asleep(program: Program, slot: number): Sleeper | undefined {
  const record = program.recordOf(slot);
  const epoch = record.waitEpoch;
  const { wait } = record;
  if ((epoch & 1) === 0 || wait === undefined) return undefined;
  return program.agents.bell(slot).isArmed ? { slot, wait, epoch } : undefined;
}

function isStillAsleep(program: Program, { slot, epoch }: Sleeper): boolean {
  return program.recordOf(slot).waitEpoch === epoch && program.agents.bell(slot).isArmed;
}

/** The agents that can end a wait for what is at that address; undefined if none needs to, or if they are not known. */
function whoCanEnd(program: Program, { slot, wait }: Sleeper): number[] | undefined {
  const workers = wait.hasCalls ? workersOf(program, slot) : [];
  if (wait.on === 0) return workers;
  const enders = whoCanEndAt(program, wait.on);
  return enders === undefined ? undefined : [...enders, ...workers];
}

function workersOf({ agents }: Program, creator: number): number[] {
  return [...agents.live()].filter((slot) => agents.parentOf(slot) === creator);
}

function whoCanEndAt(program: Program, address: number): number[] | undefined {
  const { agents } = program;
  if (address < 0) {
    return agents.fateOf(-address) === RUNNING ? [agents.slotOf(-address)] : undefined;
  }
  const block = new SharedBlock(program, address, false);
  if (block.kind === RLOCK) {
    const owner = Math.abs(load(block.words, block.at));
    return owner !== 0 && agents.fateOf(owner) === RUNNING ? [agents.slotOf(owner)] : undefined;
  }
  const live = [...agents.live()];
  return block.inFlight > 0 ? live : live.filter((slot) => block.isKnownTo(slot));
}
