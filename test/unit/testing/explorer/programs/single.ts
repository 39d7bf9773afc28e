/** A program whose agents load the program itself. */
import process from "node:process";

import { isMainThread } from "heddle";
import { explore, scenario } from "heddle/testing";

const increment = ({ count }: { readonly count: Int32Array }): void => {
  Atomics.store(count, 0, Atomics.load(count, 0) + 1);
};

const counter = scenario(import.meta.url, "counter", {
  memory: { count: 1 },
  // An agent that explored would run this.
  setup: () => void (isMainThread || process.exit(1)),
  agents: [increment, increment],
  check: ({ count }) => {
    if (count[0] !== 2) throw new Error(`the count is ${count[0]}`);
  },
});

const { schedules, failure } = await explore(counter);
console.log(schedules, failure?.message);
