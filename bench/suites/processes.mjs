/** Pools of processes: the cases of other suites, with fewer calls. */

import { check } from "./suite.mjs";
import { cases as mapCases } from "./map.mjs";
import { cases as latencyCases } from "./latency.mjs";
import { cases as payloadCases } from "./payload.mjs";

const CALLS = 10_000;
const WARM_UP_CALLS = 2000;

export const title = "Processes";

export const isForThoseWhoNameIt = true;

const named = (cases, name) => cases.find((each) => each.name === name);

export const cases = [
  named(latencyCases, "await"),
  named(latencyCases, "rested"),
  {
    name: "calls",
    title: `${CALLS} no-op calls at once, a promise for each, 2 workers (per call)`,
    unit: "ms",
    workers: 2,
    columns: [],
    isRate: true,
    async measure(pool, isWarmUp) {
      const count = isWarmUp ? WARM_UP_CALLS : CALLS;
      const start = performance.now();
      const promises = [];
      for (let n = 0; n < count; n++) promises.push(pool.run("noop", n));
      const results = await Promise.all(promises);
      const elapsedMs = performance.now() - start;
      check(
        results.every((result, n) => result === n),
        "results are not in their places",
      );
      return { value: elapsedMs / count };
    },
  },
  named(mapCases, "chunks"),
  named(payloadCases, "string"),
  named(payloadCases, "graph"),
  named(payloadCases, "copied"),
];
