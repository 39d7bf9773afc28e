// The part of node:assert/strict that our tests of asyncio use, in a page.

class AssertionError extends Error {
  name = "AssertionError";
}

function fail(message, standard) {
  if (message instanceof Error) throw message;
  throw new AssertionError(message ?? standard);
}

function show(value) {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

function isDeepEqual(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Error) return a.message === b.message && a.name === b.name;
  if (a instanceof Map || a instanceof Set) {
    return a.size === b.size && isDeepEqual([...a], [...b]);
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isDeepEqual(a[key], b[key]))
  );
}

function checkError(error, expected, message) {
  if (expected === undefined) return;
  if (expected instanceof RegExp) return assert.match(String(error), expected, message);
  if (typeof expected === "function") {
    if (expected.prototype !== undefined && error instanceof expected) return;
    if (Error.isPrototypeOf(expected) || expected === Error) {
      fail(message, `threw ${show(error)} instead of ${expected.name}`);
    }
    if (expected(error) !== true) fail(message, `threw ${show(error)}`);
    return;
  }
  for (const key of Object.keys(expected)) {
    if (expected[key] instanceof RegExp) assert.match(String(error[key]), expected[key], message);
    else assert.deepEqual(error[key], expected[key], message);
  }
}

const assert = {
  ok(value, message) {
    if (!value) fail(message, `${show(value)} is not true`);
  },
  equal(a, b, message) {
    if (!Object.is(a, b)) fail(message, `${show(a)} is not ${show(b)}`);
  },
  notEqual(a, b, message) {
    if (Object.is(a, b)) fail(message, `both are ${show(a)}`);
  },
  deepEqual(a, b, message) {
    if (!isDeepEqual(a, b)) fail(message, `${show(a)} is not like ${show(b)}`);
  },
  match(text, pattern, message) {
    if (!pattern.test(text)) fail(message, `${show(text)} does not match ${pattern}`);
  },
  doesNotMatch(text, pattern, message) {
    if (pattern.test(text)) fail(message, `${show(text)} matches ${pattern}`);
  },
  throws(fn, expected, message) {
    try {
      fn();
    } catch (error) {
      return checkError(error, expected, message);
    }
    fail(message, "nothing was thrown");
  },
  async rejects(promise, expected, message) {
    try {
      await (typeof promise === "function" ? promise() : promise);
    } catch (error) {
      return checkError(error, expected, message);
    }
    fail(message, "nothing was thrown");
  },
  fail(message) {
    fail(message, "failed");
  },
};

export default assert;
