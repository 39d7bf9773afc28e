/** Values that few functions take, to call each function with in the place of each argument. */

/** What values throw that throw when something is read of them: a user's error, which goes through. */
class UsersError extends Error {
  override name = "UsersError";
}

/** Whether the error is one of the user's, or says that it was one. */
export function isUsers(error: unknown): boolean {
  return error instanceof UsersError || (error instanceof Error && isUsers(error.cause));
}

function fail(): never {
  throw new UsersError("thrown by the value");
}

/** An object with that method, by its descriptor. */
function thenable(descriptor: PropertyDescriptor): unknown {
  // oxlint-disable-next-line unicorn/no-thenable -- what a user may have
  return Object.defineProperty({}, "then", descriptor);
}

class Settings {
  readonly timeout = 5;
}

class WithPrivate {
  readonly #hidden = 1;
  get timeout(): number {
    return this.#hidden;
  }
}

/** Each made anew for each call, by name. */
export const WRONG_VALUES: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  false: () => false,
  NaN: () => Number.NaN,
  Infinity: () => Number.POSITIVE_INFINITY,
  "-Infinity": () => Number.NEGATIVE_INFINITY,
  "-0": () => -0,
  "0": () => 0,
  "-1": () => -1,
  "1.5": () => 1.5,
  "2 ** 31": () => 2 ** 31,
  "2 ** 32": () => 2 ** 32,
  "2 ** 53": () => 2 ** 53,
  "1e308": () => 1e308,
  "10n": () => 10n,
  "an empty string": () => "",
  "a string": () => "x",
  "a string of digits": () => "5",
  "a zero character": () => "\0",
  "half a character": () => "\ud800",
  "a symbol": () => Symbol("wrong"),
  "{}": () => ({}),
  "[]": () => [],
  "[undefined]": () => [undefined],
  "a long array of nothing": () => Array.from({ length: 3 }),
  "a sparse array": () => {
    const array: unknown[] = [];
    array.length = 1000;
    return array;
  },
  "{ length: 2 ** 31 }": () => ({ length: 2 ** 31 }),
  "an object without a prototype": () => Object.create(null),
  "an object that inherits": () => Object.create({ timeout: 5, signal: 5, name: 5 }),
  "a frozen object": () => Object.freeze({}),
  "an unknown option": () => ({ unknown: 1 }),
  "an object that refers to itself": () => {
    const self: { self?: unknown } = {};
    self.self = self;
    return self;
  },
  "a toString that throws": () => ({ toString: fail }),
  "a valueOf that throws": () => ({ valueOf: fail, toString: fail }),
  "a toPrimitive that throws": () => ({ [Symbol.toPrimitive]: fail }),
  "a toPrimitive that is none": () => ({ [Symbol.toPrimitive]: 1 }),
  "an iterator that throws": () => ({ [Symbol.iterator]: fail }),
  "an iterator that is none": () => ({ [Symbol.iterator]: () => 1 }),
  "an iterator whose next throws": () => ({ [Symbol.iterator]: () => ({ next: fail }) }),
  "an asynchronous iterator that throws": () => ({ [Symbol.asyncIterator]: fail }),
  "a then that throws": () => thenable({ get: fail }),
  "properties that throw": () => new Proxy({}, { get: fail, has: fail }),
  "keys that throw": () => new Proxy({}, { ownKeys: fail, getPrototypeOf: fail }),
  "a revoked proxy": () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  "a revoked function": () => {
    const { proxy, revoke } = Proxy.revocable(() => 1, {});
    revoke();
    return proxy;
  },
  "a proxy": () => new Proxy({}, {}),
  "an instance": () => new Settings(),
  "an instance with what is private": () => new WithPrivate(),
  "a Map": () => new Map([["timeout", 5]]),
  "a Set": () => new Set([1]),
  "a WeakMap": () => new WeakMap(),
  "a Date": () => new Date(0),
  "an invalid Date": () => new Date(Number.NaN),
  "a RegExp": () => /x/g,
  "an Error": () => new UsersError("given"),
  "a URL": () => new URL("http://localhost/"),
  "a boxed number": () => Object(5),
  "a boxed string": () => Object("x"),
  "a promise": () => Promise.resolve(1),
  "a rejected promise": () => {
    const promise = Promise.reject(new UsersError("rejected"));
    promise.catch(() => undefined);
    return promise;
  },
  "a thenable that never settles": () => thenable({ value: () => undefined }),
  "a thenable that throws": () => thenable({ value: fail }),
  "an AbortSignal": () => new AbortController().signal,
  "an aborted AbortSignal": () => AbortSignal.abort(new UsersError("aborted")),
  "an AbortController": () => new AbortController(),
  "a function": () => () => 1,
  "a function that throws": () => fail,
  "an async function": () => async () => 1,
  "an async function that throws": () => async () => fail(),
  "a generator function": () =>
    function* () {
      return 1;
    },
  "an async generator function": () =>
    async function* () {
      yield 1;
    },
  "a class": () => class Wrong extends Settings {},
  "a function without a prototype": () => Object.setPrototypeOf(() => 1, null),
  "a generator": () =>
    (function* () {
      yield 1;
    })(),
  "an async generator": () =>
    (async function* () {
      yield 1;
    })(),
  bytes: () => new Uint8Array(2),
  "detached bytes": () => {
    const bytes = new Uint8Array(2);
    structuredClone(bytes, { transfer: [bytes.buffer] });
    return bytes;
  },
  "an ArrayBuffer": () => new ArrayBuffer(2),
  "a DataView": () => new DataView(new ArrayBuffer(2)),
  "a SharedArrayBuffer": () => new SharedArrayBuffer(8),
  "the global object": () => globalThis,
};
