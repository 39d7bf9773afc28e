/**
 * Schedules as text, and runs as text for people.
 *
 * A schedule lists who did what: `0*3 1 2x 2*4 0t` is three steps of agent 0, one
 * of agent 1, the death of agent 2, four steps of its reaper, and the expiry of
 * agent 0's timed wait.
 */
import { agentOf, decision, DIE, EXPIRE, kindOf, STEP } from "./decision.ts";
import { OPERATION_NAMES, PAUSE } from "./operations.ts";
import { EVENTS, type ExplorerState, STEP_WORDS } from "./state.ts";

const SUFFIXES = { "": STEP, x: DIE, t: EXPIRE } as const;

export function formatSchedule(decisions: readonly number[]): string {
  const parts: { token: string; count: number }[] = [];
  for (const made of decisions) {
    const suffix = ["", "x", "t"][kindOf(made)] ?? "";
    const token = `${agentOf(made)}${suffix}`;
    const last = parts.at(-1);
    if (last?.token === token) last.count++;
    else parts.push({ token, count: 1 });
  }
  return parts.map(({ token, count }) => (count === 1 ? token : `${token}*${count}`)).join(" ");
}

/** @throws {RangeError} The text is not a schedule. */
export function parseSchedule(text: string): number[] {
  return text
    .split(" ")
    .filter((part) => part !== "")
    .flatMap((part) => {
      const match = /^(\d)([xt]?)(?:\*(\d+))?$/.exec(part);
      if (match === null)
        throw new RangeError(`Cannot replay the schedule: "${part}" is not a part of one`);
      const made = decision(SUFFIXES[match[2] as keyof typeof SUFFIXES], Number(match[1]));
      return Array.from({ length: Number(match[3] ?? 1) }, () => made);
    });
}

/** The run under way, one line a step. */
export function formatRun(state: ExplorerState, memories: readonly string[]): string {
  const dead = new Set<number>();
  const lines: string[] = [];
  for (let event = 0; event < state.get(EVENTS); event++) {
    const [made, operation, memory, index, a, b, result] = state.events.subarray(
      event * STEP_WORDS,
      (event + 1) * STEP_WORDS,
    ) as unknown as [number, number, number, number, number, number, number];
    const agent = agentOf(made);
    const name = dead.has(agent) ? `reaper of ${agent}` : `agent ${agent}`;
    if (kindOf(made) === DIE) {
      lines.push(`${name} dies`);
      dead.add(agent);
    } else if (kindOf(made) === EXPIRE) {
      lines.push(`${name}: its wait expires`);
    } else if (operation === PAUSE) {
      lines.push(`${name}: pause`);
    } else {
      const call = `${OPERATION_NAMES[operation]} ${memories[memory]}[${index}]`;
      lines.push(`${name}: ${call} ${describeValues(OPERATION_NAMES[operation], a, b, result)}`);
    }
  }
  return lines.join("\n");
}

function describeValues(name: string | undefined, a: number, b: number, result: number): string {
  switch (name) {
    case "load":
      return `= ${result}`;
    case "store":
      return `← ${a}`;
    case "compareExchange":
      return `${a} → ${b}: ${result === a ? "done" : `no, it is ${result}`}`;
    case "wait":
    case "waitAsync":
      return `while ${a}: ${result === 1 ? "sleeps" : "no, it is another"}`;
    case "notify":
      return `woke ${result}`;
    default:
      return `${a}, was ${result}`;
  }
}
