// The part of node:test that our tests of asyncio use, in a page.

const tests = [];
const groups = [];

export function describe(name, body) {
  groups.push(name);
  body();
  groups.pop();
}

export function it(name, body) {
  tests.push({ name: [...groups, name].join(" > "), body });
}

export const test = it;

/** Longest time for one test, in milliseconds. */
const LIMIT_MS = 10_000;

async function within(limitMs, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs all, one after the other; returns what failed. */
export async function runAll() {
  const failures = [];
  for (const { name, body } of tests) {
    try {
      await within(LIMIT_MS, (async () => body({ after: () => {} }))());
    } catch (error) {
      failures.push(`${name}\n${error?.stack ?? error}`);
    }
  }
  return { passed: tests.length - failures.length, failures };
}
