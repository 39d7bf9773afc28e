/** Calls a function here and in a worker, and says what came of it. For programs that a test runs. */
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const cases = {};

async function outcomeOf(call) {
  try {
    const value = await call();
    return JSON.stringify(value) ?? String(value);
  } catch (error) {
    return String(error);
  }
}

/** @param demand What the case must come to: `same`, `refused`, or `either`. */
async function compare(name, demand, fn, args) {
  if (name in cases) throw new RangeError(`two cases are called "${name}"`);
  const there = await outcomeOf(() => pool.submit(fn, ...args));
  if (there.startsWith("NotShippableError")) {
    cases[name] = { demand, outcome: there };
    return;
  }
  const here = await outcomeOf(() => fn(...args));
  cases[name] = { demand, outcome: here === there ? "same" : `here ${here}, there ${there}` };
}

export const same = (name, fn, ...args) => compare(name, "same", fn, args);
export const refused = (name, fn, ...args) => compare(name, "refused", fn, args);
export const either = (name, fn, ...args) => compare(name, "either", fn, args);

export async function report() {
  await pool.shutdown();
  console.log(JSON.stringify(cases));
}
