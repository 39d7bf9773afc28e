import { checkedObject } from "../base/options.ts";
import { FRAME, withoutOwnFrames } from "../wire/stack.ts";
import type { Failure, Report } from "./explorer/report.ts";

/**
 * Throws unless an exploration ran every schedule and found nothing wrong.
 *
 * The message says what was wrong, lists the steps that led there, and gives the
 * schedule to pass as `replay`. Never waits.
 *
 * Python: none
 *
 * @param report What {@link explore} returned.
 * @throws {Error} A run was bad, or `maxSchedules` ended the exploration before its end.
 *
 * @example
 * ```ts
 * import { assertExplored, explore, scenario } from "heddle/testing";
 *
 * const once = scenario(import.meta.url, "only one agent comes first", {
 *   memory: { first: 1 },
 *   agents: [1, 2, 3].map(() => ({ first }, { note }) => {
 *     if (Atomics.exchange(first, 0, 1) === 0) note(1);
 *   }),
 *   check: (_, { notes }) => {
 *     if (notes.length !== 1) throw new Error(`${notes.length} agents came first`);
 *   },
 * });
 *
 * assertExplored(await explore(once));
 * ```
 */
export function assertExplored(report: Report): void {
  const { scenario, schedules, failure, isComplete } = checkedObject(
    report,
    "assertExplored: report",
  );
  if (typeof isComplete !== "boolean")
    throw new TypeError("assertExplored: report must be what explore() gives");
  if (failure !== undefined) throw new Error(description(scenario, failure));
  if (!isComplete) {
    throw new Error(
      `Cannot say that "${scenario}" holds: only ${schedules} schedules were explored, not all`,
    );
  }
}

function description(scenario: string, failure: Failure): string {
  const { kind, agent, message, stack, schedule, trace } = failure;
  const frames = withoutOwnFrames(stack)
    .split("\n")
    .filter((line) => FRAME.test(line));
  return [
    `Scenario "${scenario}" fails (${kind}): ${message}`,
    ...frames,
    "",
    agent === undefined ? "The run:" : `The run, at the end of which agent ${agent} saw it:`,
    ...trace.split("\n").map((line) => `  ${line}`),
    "",
    `To run it again: explore(…, { replay: "${schedule}" })`,
  ].join("\n");
}
