/**
 * Calls a function here, in a worker, and as an argument of a call in another worker, and says what
 * came of it. For programs that a test runs.
 */
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const receiving = new ThreadPoolExecutor({ maxWorkers: 1 });
const callIt = (received, args) => received(...args);
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
  const asValue = await outcomeOf(() => receiving.submit(callIt, fn, args));
  if (there.startsWith("NotShippableError")) {
    // What has properties takes them along as a value alone.
    const isAlike =
      asValue.startsWith("SendError: Cannot send args to another thread: args[0] is ") ||
      /^SendError: Cannot receive the function "[^"]*": Cannot ship /.test(asValue) ||
      asValue === (await outcomeOf(() => fn(...args)));
    cases[name] = { demand, outcome: isAlike ? there : `refused, but as a value ${asValue}` };
    return;
  }
  const here = await outcomeOf(() => fn(...args));
  const isSame = here === there && here === asValue;
  cases[name] = {
    demand,
    outcome: isSame ? "same" : `here ${here}, there ${there}, as a value ${asValue}`,
  };
}

export const same = (name, fn, ...args) => compare(name, "same", fn, args);
export const refused = (name, fn, ...args) => compare(name, "refused", fn, args);
export const either = (name, fn, ...args) => compare(name, "either", fn, args);

export async function report() {
  await Promise.all([pool.shutdown(), receiving.shutdown()]);
  console.log(JSON.stringify(cases));
}
