import { DONE, type ExplorerState, NOTES } from "./state.ts";
import type { FailureKind } from "./report.ts";
import type { ScenarioParts } from "./scenario.ts";

/** Why a run is bad. */
export interface Verdict {
  readonly kind: FailureKind;
  readonly error: unknown;
}

/** Says what is wrong with a run that is over, if anything is. */
export function judge(
  scenario: ScenarioParts,
  shared: Readonly<Record<string, Int32Array>>,
  state: ExplorerState,
): Verdict | undefined {
  const agents = scenario.agents.map((_, agent) => agent);
  const parked = agents.filter((agent) => state.status[agent] !== DONE);
  if (parked.length > 0 && scenario.mayEndParked !== true) {
    const error = new Error(`Deadlock: parked for ever: agent ${parked.join(", agent ")}`);
    return { kind: "deadlock", error };
  }
  const notes = Array.from({ length: state.get(NOTES) }, (_, index) => ({
    agent: state.notes[index * 2] as number,
    value: state.notes[index * 2 + 1] as number,
  }));
  const dead = agents.filter((agent) => state.dead[agent] === 1);
  try {
    scenario.check(shared, { notes, dead, parked });
    return undefined;
  } catch (error) {
    return { kind: "check", error };
  }
}
