/** What the model tests say about a scenario: that it holds, or that a planted bug is found. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import {
  assertExplored,
  explore,
  type ExploreOptions,
  type Failure,
  type Prelude,
  type Scenario,
} from "heddle/testing";

import type { Edit } from "../support/edits.ts";

/** Preemptions beyond those that a test asks for: 1 turns seconds into minutes. */
const EXTRA_PREEMPTIONS = Number(process.env["HEDDLE_MODEL_EXTRA"] ?? 0);

/** Most schedules of a scenario: with extra preemptions some have too many for a night. */
const MOST_SCHEDULES = Number(process.env["HEDDLE_MODEL_MOST"] ?? Infinity);

/** Bounds, and what must be other than it is shipped for a scenario to be small, or to be the same each time. */
export type ModelOptions = Omit<ExploreOptions, "prelude"> & {
  readonly settings?: readonly Edit[];
};

/**
 * A scenario that takes many seconds is explored whole at night; before, with one preemption less,
 * or one death where there are no preemptions.
 */
type HoldsOptions = ModelOptions & { readonly isCostly?: boolean };

/** A test that explores every schedule of a scenario and fails with the first bad one. */
export function holds<Memory extends string>(
  scenario: Scenario<Memory>,
  { settings = [], isCostly = false, ...options }: HoldsOptions = {},
): (t: TestContext) => Promise<void> {
  return async (t) => {
    const allowed = (options.preemptions ?? 2) + EXTRA_PREEMPTIONS - (isCostly ? 1 : 0);
    const preemptions = Math.max(0, allowed);
    const deaths = (options.deaths ?? 0) - (allowed < 0 ? 1 : 0);
    const isWhole = isCostly && EXTRA_PREEMPTIONS > 0;
    const isBounded = MOST_SCHEDULES !== Infinity && !isWhole;
    const report = await explore(scenario, {
      ...options,
      preemptions,
      deaths,
      ...(isBounded ? { maxSchedules: MOST_SCHEDULES } : {}),
      ...planted(settings),
    });
    const { schedules, steps, elapsedMs, failure, isComplete } = report;
    const isCut = isBounded && !isComplete && failure === undefined;
    t.diagnostic(
      `${scenario.name}: ${schedules} schedules${isCut ? ", not all" : ""}, ${steps} steps, ${(elapsedMs / 1000).toFixed(1)} s`,
    );
    if (!isCut) assertExplored(report);
  };
}

/**
 * A test that plants a bug and expects it to be found; at night also that its schedule shows it
 * again, for which test/unit/testing/explorer has tests by day.
 */
export function finds<Memory extends string>(
  bug: Edit,
  scenario: Scenario<Memory>,
  options: ModelOptions & { readonly as: Failure["kind"] },
): (t: TestContext) => Promise<void> {
  const { as, settings = [], ...bounds } = options;
  const buggy: ExploreOptions = { ...bounds, ...planted([...settings, bug]) };
  return async (t) => {
    const { schedules, failure } = await explore(scenario, buggy);
    assert.ok(failure, `the bug was not found in ${schedules} schedules`);
    assert.equal(failure.kind, as, `${failure.message}\n${failure.stack}\n${failure.trace}`);
    t.diagnostic(`${scenario.name}: found in schedule ${schedules}: ${failure.schedule}`);
    if (EXTRA_PREEMPTIONS === 0) return;
    const again = await explore(scenario, { ...buggy, replay: failure.schedule });
    assert.deepEqual(
      { kind: again.failure?.kind, schedule: again.failure?.schedule, trace: again.failure?.trace },
      { kind: failure.kind, schedule: failure.schedule, trace: failure.trace },
    );
  };
}

/** Has every agent load the subject with these edits in it. */
function planted(edits: readonly Edit[]): { prelude?: Prelude } {
  if (edits.length === 0) return {};
  return { prelude: { module: new URL("../support/edits.ts", import.meta.url), data: edits } };
}
