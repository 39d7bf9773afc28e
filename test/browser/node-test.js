// The part of node:test that our tests of asyncio use, in a page.

const tests = [];
const groups = [{ name: "", before: [], after: [] }];

export function describe(name, body) {
  groups.push({ name, before: [], after: [] });
  body();
  groups.pop();
}

export function it(name, ...rest) {
  const path = groups.slice(1);
  const title = [...path.map((group) => group.name), name].join(" > ");
  tests.push({ name: title, groups: [...groups], body: rest.at(-1) });
}

export const test = it;

export function before(body) {
  groups.at(-1).before.push(body);
}

export function after(body) {
  groups.at(-1).after.push(body);
}

/** Longest time for one test, in milliseconds. */
const LIMIT_MS = 20_000;

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

async function runTest(body) {
  const cleanups = [];
  const context = { after: (cleanup) => cleanups.push(cleanup), diagnostic: () => {} };
  try {
    await within(LIMIT_MS, (async () => body(context))());
  } finally {
    for (const cleanup of cleanups) await cleanup();
  }
}

/**
 * Runs all, one after the other, but those that are left out, by name.
 *
 * @returns What passed and what did not. That a name does not exist is a failure, too.
 */
export async function runAll(leftOut) {
  const failures = [];
  const fail = (name, error) => failures.push(`${name}\n${error}\n${error?.stack ?? ""}`);
  addEventListener("error", (event) => fail("outside of any test", event.error));
  addEventListener("unhandledrejection", (event) => fail("outside of any test", event.reason));

  const names = new Set(tests.map(({ name }) => name));
  for (const name of leftOut)
    if (!names.has(name)) fail(name, "is to be left out; it does not exist");

  const chosen = tests.filter(({ name }) => !leftOut.includes(name));
  const started = new Set();
  let passed = 0;
  for (const [index, { name, groups: around, body }] of chosen.entries()) {
    try {
      for (const group of around.filter((one) => !started.has(one))) {
        started.add(group);
        for (const hook of group.before) await hook();
      }
      await runTest(body);
      passed += 1;
    } catch (error) {
      fail(name, error);
    }
    const later = new Set(chosen.slice(index + 1).flatMap((one) => one.groups));
    for (const group of around.toReversed().filter((one) => !later.has(one)))
      for (const hook of group.after) await hook();
  }
  return { passed, failures };
}
