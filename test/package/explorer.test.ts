/** The schedule explorer as it is published: its agents start with a file of its own. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { after, describe, it } from "node:test";
import { promisify } from "node:util";
import { project } from "../support/published.ts";

const LIMIT_MS = 60_000;

const PROGRAM = `
  import { explore, scenario } from "heddle/testing";

  const check = ({ count }) => {
    if (count[0] !== 2) throw new Error("the count is " + count[0]);
  };
  const loses = ({ count }) => {
    Atomics.store(count, 0, Atomics.load(count, 0) + 1);
  };
  const adds = ({ count }) => {
    Atomics.add(count, 0, 1);
  };
  const make = (name, agent) =>
    scenario(import.meta.url, name, { memory: { count: 1 }, agents: [agent, agent], check });
  export const lost = make("lost", loses);
  export const whole = make("whole", adds);

  const first = await explore(lost);
  const again = await explore(lost, { replay: first.failure.schedule });
  const second = await explore(whole);
  console.log(JSON.stringify([
    first.failure.message,
    again.failure.message === first.failure.message,
    second.failure === undefined && second.isComplete,
  ]));
`;

describe("the published explorer", () => {
  const { folder, remove } = project({ "counter.mjs": PROGRAM });
  after(remove);

  it("finds an update that is lost, again by its schedule, and none where there is none", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "counter.mjs")], {
      timeout: LIMIT_MS,
    });
    assert.deepEqual(JSON.parse(stdout), ["the count is 1", true, true]);
  });
});
