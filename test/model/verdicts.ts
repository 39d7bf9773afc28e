/** What the model tests say about a scenario: that it holds, or that a planted bug is found. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";

import type { Edit } from "../support/explorer/edits.ts";
import { explore, type ExploreOptions, type Failure } from "../support/explorer/explore.ts";

/** Preemptions beyond those that a test asks for: 1 turns seconds into minutes. */
const EXTRA_PREEMPTIONS = Number(process.env["HEDDLE_MODEL_EXTRA"] ?? 0);

/** A test that explores every schedule of a scenario and fails with the first bad one. */
export function holds(
  module: URL,
  name: string,
  options: ExploreOptions = {},
): (t: TestContext) => Promise<void> {
  return async (t) => {
    const preemptions = (options.preemptions ?? 2) + EXTRA_PREEMPTIONS;
    const report = await explore(module, name, { ...options, preemptions });
    t.diagnostic(
      `${name}: ${report.schedules} schedules, ${report.steps} steps, ${report.seconds.toFixed(1)} s`,
    );
    if (report.failure !== undefined) assert.fail(describe(name, report.failure));
    assert.ok(report.isComplete, "not every schedule was explored");
  };
}

/** A test that plants a bug, expects it to be found, and expects its schedule to show it again. */
export function finds(
  bug: Edit,
  module: URL,
  name: string,
  options: ExploreOptions & { readonly as: Failure["kind"] },
): (t: TestContext) => Promise<void> {
  return async (t) => {
    const { schedules, failure } = await explore(module, name, { ...options, edits: [bug] });
    assert.ok(failure, `the bug was not found in ${schedules} schedules`);
    assert.equal(failure.kind, options.as, describe(name, failure));
    t.diagnostic(`${name}: found in schedule ${schedules}: ${failure.schedule}`);
    const again = await explore(module, name, {
      ...options,
      edits: [bug],
      replay: failure.schedule,
    });
    assert.deepEqual(
      { kind: again.failure?.kind, schedule: again.failure?.schedule, steps: again.failure?.steps },
      { kind: failure.kind, schedule: failure.schedule, steps: failure.steps },
    );
  };
}

function describe(name: string, { kind, agent, schedule, steps, stack, message }: Failure): string {
  return `${name}: ${kind}\n\n${stack === "" ? message : stack}\n\nagent ${agent} saw it, after\n${steps}\n\nreplay: "${schedule}"`;
}
