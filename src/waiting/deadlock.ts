/** Refuses waits that could never end, and says who waits for whom. */
import { RUNNING } from "../memory/agent-table.ts";
import { Mutex } from "../memory/mutex.ts";
import { kindName, LOCK } from "../program/kinds.ts";
import { SharedBlock } from "../program/shared-object.ts";
import { MAIN_SLOT, type Program } from "../program/program.ts";
import {
  findCircle,
  fittest,
  type Sleeper,
  sleepersBesides,
  sleptSince,
  suspectStall,
} from "./wait-graph.ts";
import { type CircularWait, DeadlockError } from "../errors.ts";
import {
  ownWhereabouts,
  readWhereabouts,
  type Whereabouts,
  writeWhereabouts,
} from "./lock-sites.ts";
import { agentPump } from "./pump.ts";
import { wordsOf } from "./verbs.ts";

/** Longest time that other threads are given to say where they wait, in milliseconds. */
const ASK_MS = 200;

/**
 * The calling agent has just fallen asleep: throws if no agent could ever wake it.
 *
 * @throws {DeadlockError} It waits for threads that wait for it.
 */
export function refuseDeadlock(program: Program): void {
  const { agents, slot } = program;
  // The request may be an old one, for a wait that has ended since.
  if (agents.takeAbortRequest(slot) && sleepersBesides(program, MAIN_SLOT) !== undefined)
    throw stallError(program);
  const found = findCircle(program, slot);
  if (found === undefined) {
    return suspectStall(program);
  }
  const fitter = someoneFitter(program, found);
  if (fitter !== undefined) return agents.ring(fitter); // it looks, falls asleep again, and comes here
  if (!agents.beginGivingUp(slot)) return; // another one does; it rings when it is done
  let earlier = found;
  let circle = findCircle(program, slot);
  while (circle !== undefined && !sleptSince(earlier, circle)) {
    earlier = circle;
    circle = findCircle(program, slot);
  }
  if (circle === undefined) {
    agents.endGivingUp(slot);
    return;
  }
  throw deadlockError(program, circle);
}

/**
 * The agent that should give up instead of the calling one: giving up helps if it
 * makes the agent let go of what others in the circle wait for. A thread that merely
 * joins the others, or waits for their results, would leave them waiting.
 */
function someoneFitter(program: Program, circle: readonly Sleeper[]): number | undefined {
  const fit = fittest(program, circle);
  return fit.some(({ slot }) => slot === program.slot) ? undefined : fit[0]?.slot;
}

/** Writes down where the calling agent waits, and took what it holds, if another agent has asked. */
export function answerSiteRequest(program: Program): void {
  const { agents, record } = program;
  if (record.siteAsker === -1) return;
  record.writeSite(writeWhereabouts(ownWhereabouts(program)));
  // Several may have asked, and the record names the last one only.
  for (const other of agents.live()) agents.ring(other);
}

/** The main thread has found that nothing goes on, and that the calling agent should give up. */
function stallError(program: Program): DeadlockError {
  const sleepers = sleepersBesides(program, MAIN_SLOT) ?? [];
  const own = sleepers.filter(({ slot }) => slot === program.slot);
  const others = sleepers.filter(({ slot }) => slot !== program.slot);
  const why = "every thread waits without a timeout, and the main thread only awaits them";
  return waitError(program, [...own, ...others], why);
}

/** A promise of the calling agent waits, nothing else happens in the program, and no agent is left that could end it. */
export function awaitError(
  program: Program,
  { address, verb }: { readonly address: number; readonly verb: number },
): DeadlockError {
  const { record } = program;
  const object = objectName(program, address);
  const holderSlot = holderOf(program, address);
  const holder = holderSlot === undefined ? undefined : program.recordOf(holderSlot).name;
  const text = `${wordsOf(verb)} ${object}`;
  const held = holdingInWords(program, address, holder);
  const why = "the program has nothing else to do, and no other thread can end the wait";
  const holds = record.held().map((each) => objectName(program, each));
  const wait = { thread: record.name, object, holder, takenAt: undefined, holds, site: undefined };
  return new DeadlockError(
    `Cannot wait ${text}: deadlock, ${why}\n  thread "${record.name}" waits ${text}${held}, with a promise`,
    { waits: [wait] },
  );
}

function deadlockError(program: Program, circle: readonly Sleeper[]): DeadlockError {
  const isAlone = circle.length === 1;
  const why = isAlone
    ? "no other thread can end the wait"
    : "every thread that could end the wait is also waiting";
  return waitError(program, circle, why);
}

/** @param sleepers The calling agent first. */
function waitError(program: Program, circle: readonly Sleeper[], why: string): DeadlockError {
  const others = circle.map((sleeper) => sleeper.slot).filter((slot) => slot !== program.slot);
  const whereabouts = askForSites(program, others);
  whereabouts.set(program.slot, ownWhereabouts(program));
  const waits = circle.map((sleeper) => describe(program, sleeper, whereabouts));
  const [own] = waits;
  const lines = waits.map(({ thread, text, taken, site }) => {
    const [frame = ""] = site?.split("\n") ?? [];
    return `  thread "${thread}" waits ${text}${taken}${frame === "" ? "" : `; waits ${frame}`}`;
  });
  const isUntraced = !program.agents.tracesLocks && waits.some(({ holder }) => holder);
  const hint = isUntraced ? "\n  (traceLocks(true) tells where each lock was taken)" : "";
  const error = new DeadlockError(
    `Cannot wait ${own?.text}: deadlock, ${why}\n${lines.join("\n")}${hint}`,
    { waits },
  );
  error.stack = `${error.name}: ${error.message}\n${indented(own?.site ?? "")}`;
  return error;
}

function indented(frames: string): string {
  return frames.replaceAll(/^/gm, "    ");
}

/** Asks other agents, which wait, where that is; returns what they have answered, or have had time to. */
export function askForSites(program: Program, others: readonly number[]): Map<number, Whereabouts> {
  const { agents, slot } = program;
  for (const other of others) {
    program.recordOf(other).requestSite(slot);
    agents.ring(other);
  }
  const haveAnswered = (): boolean => {
    answerSiteRequest(program); // one that is asked may be asking itself
    return others.every((other) => program.recordOf(other).site !== undefined);
  };
  agentPump().sleepUntil(haveAnswered, performance.now() + ASK_MS);
  const answers = new Map<number, Whereabouts>();
  for (const other of others) {
    const { site } = program.recordOf(other);
    if (site !== undefined) answers.set(other, readWhereabouts(site));
  }
  return answers;
}

function describe(
  program: Program,
  { slot, wait }: Sleeper,
  whereabouts: ReadonlyMap<number, Whereabouts>,
): CircularWait & { text: string; taken: string } {
  const record = program.recordOf(slot);
  const object = objectName(program, wait.on);
  const holderSlot = holderOf(program, wait.on);
  const holder = holderSlot === undefined ? undefined : program.recordOf(holderSlot).name;
  const takenAt =
    holderSlot === undefined ? undefined : whereabouts.get(holderSlot)?.taken.get(wait.on);
  const held = holdingInWords(program, wait.on, holder);
  const taken = takenAt === undefined ? "" : `, taken ${takenAt}`;
  return {
    thread: record.name,
    object,
    holder,
    takenAt,
    holds: record.held().map((address) => objectName(program, address)),
    site: whereabouts.get(slot)?.waits,
    text: `${wordsOf(wait.verb)} ${object}${held}`,
    taken,
  };
}

/** What people call the object at that address: `Lock-3`, or a thread's name. */
export function objectName(program: Program, address: number): string {
  if (address === 0) return "the calls of its pools";
  if (address < 0) {
    const { agents } = program;
    return `thread "${program.recordOf(agents.slotOf(-address)).name}"`;
  }
  const block = new SharedBlock(program, address, false);
  return `${kindName(block.kind)}-${block.label}`;
}

/** Who holds the object, to go after its name. */
function holdingInWords(program: Program, address: number, holder: string | undefined): string {
  if (holder !== undefined) return `, which thread "${holder}" holds`;
  const former = formerHolder(program, address);
  return former === undefined ? "" : `, which ${former} held when it ended`;
}

/** Who has left the lock at that address locked: a thread that ended, if one did. */
export function formerHolder(program: Program, address: number): string | undefined {
  if (address <= 0) return undefined;
  const { kind, words, at } = new SharedBlock(program, address, false);
  const owner = kind === LOCK ? Mutex.ownerAt(words, at) : 0;
  return owner === 0 || program.agents.fateOf(owner) === RUNNING
    ? undefined
    : nameOfThread(program, owner);
}

/** What people call the thread with that ident, which may be gone. */
export function nameOfThread(program: Program, ident: number): string {
  const { agents } = program;
  const slot = agents.slotOf(ident);
  const isLast = agents.identOf(slot) === ident || agents.identOf(slot) === 0;
  return isLast ? `thread "${program.recordOf(slot).name}"` : `a thread (${ident})`;
}

/** Slot of the agent that holds the object at that address, where one does. */
export function holderOf(program: Program, address: number): number | undefined {
  if (address <= 0) return undefined;
  for (const slot of program.agents.live()) {
    if (program.recordOf(slot).held().includes(address)) return slot;
  }
  return undefined;
}
