/** A decision of the scheduler: what happens next, and to which agent. One number, so that it can be shared. */

/** The agent takes a step. */
export const STEP = 0;
/** The agent dies. */
export const DIE = 1;
/** The agent's timed wait expires. */
export const EXPIRE = 2;

/** In place of a decision: no agent can take a step. */
export const NOBODY = -1;

const KIND_SHIFT = 4;

export function decision(kind: number, agent: number): number {
  return (kind << KIND_SHIFT) | agent;
}

export function kindOf(made: number): number {
  return made >> KIND_SHIFT;
}

export function agentOf(made: number): number {
  return made & ((1 << KIND_SHIFT) - 1);
}
