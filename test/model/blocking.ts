/**
 * Agents that wait in a wait set, as waiting/wait-point.ts has them do it, and what
 * is done about their deaths, as program/program.ts does it: the little that
 * scenarios of one algorithm need of both.
 */
import { AgentTable } from "../../build/src/memory/agent-table.js";
import type { Owners } from "../../build/src/memory/short-lock.js";
import { WaitSet } from "../../build/src/memory/wait-set.js";

/** Agents in every scenario, at most; the reaper needs no slot. */
export const CAPACITY = 4;

/** Words that a scenario needs of each. */
export const AGENTS: number = AgentTable.words(CAPACITY);
export const WAITERS: number = WaitSet.words(CAPACITY);

/** How long an agent waits that may give up; it does so where a test lets a wait expire. */
export const PATIENT = 1000;

export interface World {
  readonly agents: Int32Array;
  readonly waiters: Int32Array;
}

export function tableOf({ agents }: Pick<World, "agents">): AgentTable {
  return new AgentTable(agents, 0, CAPACITY);
}

export function setOf(world: World): WaitSet {
  return new WaitSet(world.waiters, 0, tableOf(world));
}

/** Gives each agent its slot: that of its own number. */
export function claimSlots({ agents }: Pick<World, "agents">): void {
  const table = tableOf({ agents });
  for (let agent = 0; agent < CAPACITY; agent++) table.claim(-1);
}

/**
 * Waits until `tryTake` says yes.
 *
 * @param timeoutMs At most that long. The wait is given up once it expires.
 */
export function waitFor(
  table: AgentTable,
  set: WaitSet,
  agent: number,
  tryTake: () => boolean,
  timeoutMs = Infinity,
): boolean {
  const bell = table.bell(agent);
  let wasIn = false;
  let hasTaken = tryTake();
  if (hasTaken) return true;
  for (;;) {
    bell.arm();
    set.enter(agent);
    wasIn = set.has(agent);
    hasTaken = tryTake();
    if (hasTaken) break;
    bell.sleep(timeoutMs);
    const hasExpired = timeoutMs !== Infinity && bell.isArmed;
    wasIn = set.has(agent);
    hasTaken = tryTake();
    if (hasTaken || hasExpired) break;
  }
  bell.disarm();
  const wasChosen = !set.withdraw(agent);
  if (wasChosen && (!hasTaken || wasIn)) set.wakeOne();
  return hasTaken;
}

/** Whoever reports a death: takes the dead one out of the sets, and wakes everybody. */
export function reportDeath(table: AgentTable, dead: number, ...sets: readonly WaitSet[]): void {
  table.markDead(dead, table.agentAt(dead));
  for (const set of sets) {
    set.withdraw(dead);
    set.wakeOne();
  }
  table.announceDeaths();
}

/** Who has a short lock: an agent that counts as dead has taken its last step. */
export function ownersIn(table: AgentTable): Owners {
  return {
    isGone: (owner) => !table.isLive(table.slotOf(owner)),
    stopIfGone: () => undefined,
  };
}
