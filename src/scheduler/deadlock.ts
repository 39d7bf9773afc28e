/** Refuses waits that could never end, and says who waits for whom. */
import { kindName } from "../agent/shared-kinds.ts";
import { SharedBlock } from "../agent/shared-object.ts";
import type { Program } from "../agent/program.ts";
import { findCircle, type Sleeper } from "../agent/wait-graph.ts";
import { type CircularWait, DeadlockError } from "../errors.ts";
import { callerFrames } from "../wire/stack.ts";
import { wordsOf } from "./verbs.ts";

/** Longest time that other threads are given to say where they wait, in milliseconds. */
const ASK_MS = 200;

/**
 * The calling agent has just fallen asleep: throws if nobody could ever wake it.
 *
 * @throws {DeadlockError} It waits for threads that wait for it.
 */
export function refuseDeadlock(program: Program): void {
  const { agents, slot } = program;
  const found = findCircle(program, slot);
  if (found === undefined) return;
  const fitter = someoneFitter(program, found);
  if (fitter !== undefined) return agents.ring(fitter); // it looks, falls asleep again, and comes here
  if (!agents.beginGivingUp(slot)) return; // another one does; it rings when it is done
  const circle = findCircle(program, slot);
  if (circle === undefined) {
    agents.endGivingUp(slot);
    return;
  }
  throw deadlockError(program, circle);
}

/**
 * The agent that should give up instead of the calling one: giving up helps if it
 * makes the agent let go of what others in the circle wait for. A thread that merely
 * joins the others would leave them waiting.
 */
function someoneFitter(program: Program, circle: readonly Sleeper[]): number | undefined {
  const wanted = new Set(circle.map(({ wait }) => wait.on));
  const isFit = ({ slot }: Sleeper): boolean =>
    program
      .recordOf(slot)
      .held()
      .some((address) => wanted.has(address));
  if (circle.some((sleeper) => sleeper.slot === program.slot && isFit(sleeper))) return undefined;
  return circle.find(isFit)?.slot;
}

/** Writes down where the calling agent waits, if somebody has asked. */
export function answerSiteRequest({ agents, record }: Program): void {
  const asker = record.siteAsker;
  if (asker === -1) return;
  record.writeSite(callerFrames());
  agents.ring(asker);
}

function deadlockError(program: Program, circle: readonly Sleeper[]): DeadlockError {
  const others = circle.map((sleeper) => sleeper.slot).filter((slot) => slot !== program.slot);
  askForSites(program, others);
  const waits = circle.map((sleeper) => describe(program, sleeper));
  const [own] = waits;
  const lines = waits.map(({ thread, text, site }) => {
    const where = site === undefined || site === "" ? "" : `, ${site.split("\n")[0]?.trim()}`;
    return `  thread "${thread}" waits ${text}${where}`;
  });
  const why =
    others.length === 0 ? "nobody else could end it" : "everybody who could end it waits likewise";
  const error = new DeadlockError(
    `Cannot wait ${own?.text}: the wait would never end, since ${why}\n${lines.join("\n")}`,
    { waits },
  );
  error.stack = `${error.name}: ${error.message}\n${indented(own?.site ?? "")}`;
  return error;
}

function indented(frames: string): string {
  return frames.replaceAll(/^/gm, "    ");
}

/** Asks other agents, which wait, to write down where; returns when they have, or have had time to. */
export function askForSites(program: Program, others: readonly number[]): void {
  const { agents, slot } = program;
  for (const other of others) {
    program.recordOf(other).requestSite(slot);
    agents.ring(other);
  }
  const bell = agents.bell(slot);
  const endMs = performance.now() + ASK_MS;
  for (;;) {
    bell.arm();
    if (others.every((other) => program.recordOf(other).site !== undefined)) break;
    const leftMs = endMs - performance.now();
    if (leftMs <= 0) break;
    bell.sleep(leftMs);
  }
  bell.disarm();
}

function describe(program: Program, { slot, wait }: Sleeper): CircularWait & { text: string } {
  const record = program.recordOf(slot);
  const isOwn = slot === program.slot;
  const object = objectName(program, wait.on);
  const holder = holderOf(program, wait.on);
  const holds = record.held().map((address) => objectName(program, address));
  const held = holder === undefined ? "" : `, which thread "${holder}" holds`;
  return {
    thread: record.name,
    object,
    holder,
    holds,
    site: isOwn ? callerFrames() : record.site,
    text: `${wordsOf(wait.verb)} ${object}${held}`,
  };
}

/** What people call the object at that address: `Lock-3`, or a thread's name. */
export function objectName(program: Program, address: number): string {
  if (address < 0) {
    const { agents } = program;
    return `thread "${program.recordOf(agents.slotOf(-address)).name}"`;
  }
  const block = new SharedBlock(program, address, false);
  return `${kindName(block.kind)}-${block.label}`;
}

/** Name of the thread that holds the object at that address, where one does. */
export function holderOf(program: Program, address: number): string | undefined {
  if (address < 0) return undefined;
  const { agents } = program;
  for (const slot of agents.live()) {
    if (program.recordOf(slot).held().includes(address)) return program.recordOf(slot).name;
  }
  return undefined;
}
