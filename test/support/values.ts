/** Values of every kind that programs have, and what becomes of each on its way to another agent. */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { createReadStream } from "node:fs";
import { Socket } from "node:net";
import { Readable } from "node:stream";
import * as asyncio from "heddle/asyncio";
import { ExceptionGroup, reduce, TimeoutError } from "heddle";
import { Future, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { copyContext, ContextVar } from "heddle/contextvars";
import { Pool } from "heddle/multiprocessing";
import { Queue } from "heddle/queue";
import { Condition, Event, Lock, ThreadLocal } from "heddle/threading";
import * as tasks from "./tasks.ts";
import { ValidationError } from "./tasks.ts";

/** How a value arrives: equal; as something else, which is checked; or not at all, with what the error says. */
export type Fate = typeof EQUAL | { arrives(value: unknown): void } | { readonly refused: RegExp };

export const EQUAL = "equal";

export interface Row {
  readonly name: string;
  readonly make: () => unknown;
  readonly fate: Fate;
  /** Where it goes as bytes: into a queue, or to a process. Default: the same. */
  readonly bytes: Fate;
  /** To a process. Default: as bytes. */
  readonly process: Fate;
  /** Whether it may be refused, by name, as well: runtimes differ in what their own objects allow. */
  readonly mayBeRefused: boolean;
}

export const ROWS: Row[] = [];

type Options = Partial<Pick<Row, "bytes" | "process" | "mayBeRefused">>;

function row(name: string, fate: Fate, make: () => unknown, options: Options = {}): void {
  const { bytes = fate, process = bytes, mayBeRefused = false } = options;
  ROWS.push({ name, make, fate, bytes, process, mayBeRefused });
}

const equal = (name: string, make: () => unknown, options?: Options): void =>
  row(name, EQUAL, make, options);
const refused = (name: string, what: RegExp, make: () => unknown): void =>
  row(name, { refused: what }, make);
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- each row knows what arrives
const as = <T>(name: string, arrives: (value: T) => void, make: () => unknown): void =>
  row(name, { arrives }, make);
/** One of the runtime's own objects: it arrives as `Class`, or is refused. */
const whole = (
  name: string,
  Class: Function,
  make: () => unknown,
  isRight: (value: never) => unknown = () => true,
): void =>
  row(
    name,
    {
      arrives: (value) => {
        assert.ok(value instanceof Class, `it is a ${String(value)}`);
        assert.ok(isRight(value as never));
      },
    },
    make,
    { mayBeRefused: true },
  );

// Classes of which instances are sent.

/** @public Its objects are sent. */
export class Point {
  x: number;
  y: number;
  next: Point | undefined;

  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }

  length(): number {
    return Math.hypot(this.x, this.y);
  }
}

/** @public Its objects are sent. */
export class Point3 extends Point {
  readonly z: number = 1;
  label = "# no private name";
}

/** @public Its objects are sent. */
export class Money {
  readonly #cents: number;
  readonly owner: unknown;

  constructor(cents: number, owner?: unknown) {
    this.#cents = cents;
    this.owner = owner;
  }

  get cents(): number {
    return this.#cents;
  }

  [reduce](): [typeof Money, [number, unknown]] {
    return [Money, [this.#cents, this.owner]];
  }
}

/** @public Its objects are sent. */
export class Meters {
  readonly length: number = 0;
  static of(length: number): Meters {
    return makeMeters(length);
  }
  [reduce](): [typeof makeMeters, [number]] {
    return [makeMeters, [this.length]];
  }
}

/** @public Its objects are sent. */
export function makeMeters(length: number): Meters {
  return Object.assign(new Meters(), { length });
}

class Secretive {
  readonly #secret: number = 1;
  shown = 2;
  secret(): number {
    return this.#secret;
  }
}

class Heir extends Secretive {}

class Registry extends Map<string, number> {}
class Stack extends Array<number> {}
class Bytes extends Uint8Array {}
class Emitter extends EventEmitter {}
const MARK: unique symbol = Symbol("mark");
class Marked {
  readonly [MARK]: number = 1;
}
class BadReduce {
  readonly value: number = 1;
  [reduce](): unknown {
    return this.value;
  }
}
class Local {
  readonly value: number = 1;
}
function makeLocal(): object {
  return new Local();
}
class Reducing {
  [reduce](): unknown {
    return [makeLocal, []];
  }
}
/** @public Its objects are sent. */
export function Old(this: { value: number }): void {
  // oxlint-disable-next-line oxc/no-this-in-exported-function -- a class as they were
  this.value = 3;
}

function given(..._args: readonly number[]): unknown {
  return arguments;
}

// What no engine treats specially.

equal("undefined", () => undefined);
equal("null", () => null);
equal("true", () => true);
equal("an integer", () => 42);
equal("a large integer", () => 2 ** 53 - 1);
equal("a fraction", () => 0.1);
equal("NaN", () => Number.NaN);
equal("minus zero", () => -0);
equal("minus infinity", () => -Infinity);
equal("a bigint", () => 12n);
equal("a large bigint", () => 2n ** 200n);
equal("an empty string", () => "");
equal("a string", () => "text");
equal("a wide string", () => "größer 😀 \u0000");
equal("half a pair of surrogates", () => "\ud83d");
equal("a long string", () => "long ".repeat(20_000));

equal("an empty array", () => []);
equal("an array", () => [1, "two", [3]]);
equal("integers", () => Array.from({ length: 5000 }, (_, i) => i));
// oxlint-disable-next-line no-sparse-arrays -- a hole is what it is about
equal("an array with a hole", () => [1, , 3]);
equal("a sparse array", () => Object.assign([], { 1_000_000: "far" }));
equal("an array with a named property", () => Object.assign([1], { note: "n" }));
equal("a match", () => /(?<a>b)c/.exec("bc")?.slice());
equal("an empty object", () => ({}));
equal("an object", () => ({ a: 1, b: { c: [true, null] } }));
equal("odd keys", () => ({ "": 1, "a b": 2, 3: 4 }));
equal("a key __proto__", () => JSON.parse('{ "__proto__": { "a": 1 } }') as unknown);
equal("a large object", () =>
  Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`key ${i}`, { i }])),
);
as(
  "an object without a prototype",
  (value) => assert.deepEqual(value, { a: 1 }),
  () => Object.assign(Object.create(null) as object, { a: 1 }),
);
as(
  "a getter",
  (value) => assert.deepEqual(value, { now: 5 }),
  () => ({
    get now() {
      return 5;
    },
  }),
);
as(
  "a symbol as a key",
  (value) => assert.deepEqual(value, { a: 1 }),
  () => ({ a: 1, [Symbol("s")]: 2 }),
);
as(
  "a frozen object",
  (value) => assert.ok(!Object.isFrozen(value)),
  () => Object.freeze({ a: 1 }),
);
as(
  "arguments",
  (value) => assert.deepEqual(value, { 0: 1, 1: 2 }),
  () => given(1, 2),
);
as(
  "a cycle",
  (value: { self: unknown }) => assert.equal(value.self, value),
  () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    return cycle;
  },
);
as(
  "one object twice",
  (value: readonly object[]) => assert.equal(value[0], value[1]),
  () => {
    const inner = { day: new Date(1) };
    return [inner, inner];
  },
);
as(
  "a deep object",
  (value: { o: never }) => {
    let depth = 0;
    for (let at = value; "o" in at; at = at.o) depth++;
    assert.equal(depth, 3000);
  },
  () => {
    let deep: object = {};
    for (let i = 0; i < 3000; i++) deep = { o: deep };
    return deep;
  },
);
equal(
  "a Map",
  () =>
    new Map<unknown, unknown>([
      ["a", 1],
      [{ b: 2 }, new Set([3])],
    ]),
);
equal("a Set", () => new Set([1, "two"]));
as(
  "a Map in itself",
  (value: Map<unknown, unknown>) => assert.equal(value.get("self"), value),
  () => {
    const map = new Map<string, unknown>();
    return map.set("self", map);
  },
);
equal("a Date", () => new Date(1_600_000_000_000));
as(
  "an invalid Date",
  (value: Date) => assert.ok(value instanceof Date && Number.isNaN(value.getTime())),
  () => new Date(Number.NaN),
);
equal("a RegExp", () => /a+/giu);
equal("a boxed number", () => new Object(1));
equal("a boxed string", () => new Object("s"));
equal("a boxed boolean", () => new Object(false));
equal("a boxed bigint", () => new Object(1n));

// Bytes.

equal("an ArrayBuffer", () => new Uint8Array([1, 2, 3]).buffer);
for (const View of [
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
]) {
  equal(`a ${View.name}`, () => View.from([1, 2, 3]));
  const isPart = (value: InstanceType<typeof View>): void => {
    assert.deepEqual(value, View.from([2]));
    assert.equal(value.buffer.byteLength, View.BYTES_PER_ELEMENT);
  };
  as(`a part of a ${View.name}`, isPart, () => View.from([1, 2, 3]).subarray(1, 2));
}
equal("a BigInt64Array", () => BigInt64Array.from([1n, -2n]));
equal("a BigUint64Array", () => BigUint64Array.from([1n]));
equal("a DataView", () => new DataView(new Uint8Array([1, 2]).buffer));
as(
  "a DataView on a part",
  (value: DataView) => assert.deepEqual([value.getUint8(0), value.buffer.byteLength], [2, 1]),
  () => new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 1),
);
const isBuffer = (text: string) => (value: Buffer) => {
  assert.ok(Buffer.isBuffer(value));
  assert.equal(value.toString(), text);
  assert.equal(value.buffer.byteLength, value.byteLength);
};
as("a Buffer of the pool", isBuffer("pool"), () => Buffer.from("pool"));
as("a large Buffer", isBuffer("x".repeat(50_000)), () => Buffer.alloc(50_000, "x"));
as("a slice of a Buffer", isBuffer("li"), () => Buffer.from("slice").subarray(1, 3));
as("an empty Buffer", isBuffer(""), () => Buffer.alloc(0));
as(
  "a Buffer in a Map with a Date",
  (value: Map<string, Buffer>) => isBuffer("in")(value.get("b") as Buffer),
  () =>
    new Map<string, unknown>([
      ["b", Buffer.from("in")],
      ["d", new Date(0)],
    ]),
);
refused("bytes that were moved away", /whose bytes have been moved away$/, () => {
  const bytes = new Uint8Array(3);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  return bytes;
});
const shared = (make: () => unknown): void =>
  row(
    `shared memory: ${Object.prototype.toString.call(make())}`,
    { arrives: (value) => assert.equal(String(value), String(make())) },
    make,
    { bytes: { refused: /shared memory|SharedArrayBuffer/ } },
  );
shared(() => new SharedArrayBuffer(8));
shared(() => new Int32Array(new SharedArrayBuffer(8)));
shared(() => new DataView(new SharedArrayBuffer(8)));

// Errors.

const isError =
  (Class: Function, message: string, fields: object = {}) =>
  (value: Error): void => {
    assert.equal(value.constructor, Class);
    assert.equal(value.message, message);
    assert.deepEqual(Object.fromEntries(Object.entries(value)), fields);
    assert.match(value.stack ?? "", /values/);
  };
for (const Class of [Error, TypeError, RangeError, SyntaxError, URIError, EvalError]) {
  as(`a ${Class.name}`, isError(Class, "m"), () => new Class("m"));
}
as("an Error with fields", isError(Error, "m", { code: "E", at: new Date(0) }), () =>
  Object.assign(new Error("m"), { code: "E", at: new Date(0) }),
);
as(
  "an Error among other things",
  (value: { why: Error; big: string }) => isError(RangeError, "m", { code: 7 })(value.why),
  () => ({ why: Object.assign(new RangeError("m"), { code: 7 }), big: "big ".repeat(30_000) }),
);
as(
  "an error of a module's class",
  isError(ValidationError, "v", { name: "ValidationError", code: "E" }),
  () => new ValidationError("v", "E"),
);
as(
  "an error that leads to itself",
  (value: Error & { self: unknown }) => {
    assert.equal(value.cause, value);
    assert.equal(value.self, value);
  },
  () => {
    const error = new Error("loop");
    return Object.assign(error, { cause: error, self: error });
  },
);
as(
  "an AggregateError",
  (value: AggregateError) => {
    assert.ok(value instanceof AggregateError);
    assert.ok(value.errors[0] instanceof TypeError);
    assert.equal(value.errors[1], "two");
  },
  () => new AggregateError([new TypeError("one"), "two"], "m"),
);
as(
  "an ExceptionGroup",
  (value: ExceptionGroup) => {
    assert.ok(value instanceof ExceptionGroup);
    assert.ok(value.errors[0] instanceof TimeoutError);
  },
  () => new ExceptionGroup("m", [new TimeoutError("late")]),
);
as(
  "a DOMException",
  (value: DOMException) => assert.deepEqual([value.name, value.code], ["AbortError", 20]),
  () => new DOMException("m", "AbortError"),
);
as(
  "an error with a function",
  (value: { run: unknown; n: number }) =>
    assert.deepEqual([(value.run as () => number)(), value.n], [2, 1]),
  () => Object.assign(new Error("m"), { run: () => 2, n: 1 }),
);
as(
  "an error with a function that cannot be sent",
  (value: { run: unknown; n: number }) =>
    assert.deepEqual([value.run, value.n], ["[function run]", 1]),
  () => {
    const own = { n: 1 };
    return Object.assign(new Error("m"), { run: () => own.n, ...own });
  },
);

// Instances.

const isPoint = (value: Point): void => {
  assert.equal(value.constructor, Point);
  assert.equal(value.length(), 5);
};
as("an instance", isPoint, () => new Point(3, 4));
as(
  "an instance in a Map",
  (value: Map<number, Point>) => isPoint(value.get(1) as Point),
  () => new Map([[1, new Point(3, 4)]]),
);
as(
  "instances in a cycle",
  (value: Point) => {
    isPoint(value);
    assert.equal(value.next?.next, value);
    assert.notEqual(value.next, value);
  },
  () => {
    const point = new Point(3, 4);
    point.next = new Point(0, 0);
    point.next.next = point;
    return point;
  },
);
as(
  "a long list of instances",
  (value: Point) => {
    let length = 0;
    for (let at: Point | undefined = value; at !== undefined; at = at.next) length++;
    assert.equal(length, 3000);
  },
  () => {
    let list = new Point(0, 0);
    for (let i = 1; i < 3000; i++) list = Object.assign(new Point(i, 0), { next: list });
    return list;
  },
);
as(
  "an instance of a subclass",
  (value: Point3) => {
    assert.ok(value instanceof Point3);
    assert.deepEqual([value.length(), value.z], [5, 1]);
  },
  () => new Point3(3, 4),
);
as(
  "an instance with a hidden field",
  (value: Point) => {
    isPoint(value);
    assert.deepEqual(Object.keys(value), ["x", "y", "next"]);
    assert.equal((value as { hidden?: number }).hidden, 1);
  },
  () => Object.defineProperty(new Point(3, 4), "hidden", { value: 1 }),
);
as(
  "an instance with an error and a Buffer",
  (value: Point & { why: Error; bytes: Buffer }) => {
    isPoint(value);
    isError(RangeError, "m", { code: 1 })(value.why);
    isBuffer("b")(value.bytes);
  },
  () =>
    Object.assign(new Point(3, 4), {
      why: Object.assign(new RangeError("m"), { code: 1 }),
      bytes: Buffer.from("b"),
    }),
);
as(
  "an instance that a function made",
  (value: object) => assert.ok(value instanceof (Old as never)),
  () => Reflect.construct(Old, []) as unknown,
);
as(
  "an instance with [reduce]",
  (value: Money) => {
    assert.ok(value instanceof Money);
    assert.equal(value.cents, 5);
    isPoint(value.owner as Point);
  },
  () => new Money(5, new Point(3, 4)),
);
as(
  "instances with [reduce] in each other",
  (value: Money) => assert.equal((value.owner as Money).cents, 1),
  () => new Money(2, new Money(1)),
);
as(
  "an instance with [reduce] to a function",
  (value: Meters) => assert.deepEqual([value.constructor, value.length], [Meters, 7]),
  () => Meters.of(7),
);
refused(
  "private fields",
  /an instance of Secretive, which has private fields/,
  () => new Secretive(),
);
refused(
  "inherited private fields",
  /an instance of Heir, which has private fields/,
  () => new Heir(),
);
refused(
  "a class of no module",
  /an instance of Local, which no module exports$/,
  () => new Local(),
);
refused(
  "a class of a function",
  /an instance of .+, whose class cannot be sent: it is a class that a function or a block declares/,
  () =>
    new (class {
      value = 1;
    })(),
);
refused("a subclass of Map", /an instance of Registry, which extends Map/, () => new Registry());
refused("a subclass of Array", /an instance of Stack, which extends Array/, () => Stack.of(1));
refused(
  "a subclass of Uint8Array",
  /an instance of Bytes, which extends Uint8Array/,
  () => new Bytes(1),
);
refused("a subclass of EventEmitter", /an instance of Emitter, which/, () => new Emitter());
refused(
  "a field with a symbol",
  /an instance of Marked, which has fields with symbols/,
  () => new Marked(),
);
refused(
  "a wrong [reduce]",
  /BadReduce, whose \[reduce\]\(\) does not return/,
  () => new BadReduce(),
);
refused(
  "a [reduce] to no export",
  /Reducing, whose \[reduce\]\(\) returns "makeLocal"/,
  () => new Reducing(),
);
refused(
  "an executor",
  /an instance of ThreadPoolExecutor, which stays in the thread that made it$/,
  () => new ThreadPoolExecutor(),
);
refused("a pool", /an instance of Pool, which stays in the thread that made it$/, () => new Pool());
refused(
  "a class of a user's that extends an executor",
  /an instance of Own, which stays in the thread that made it$/,
  () => new (class Own extends ThreadPoolExecutor {})(),
);
refused("a prototype of no class", /an object whose prototype is not a class's/, () =>
  Object.create({ inherited: 1 }),
);

// Functions and classes.

as(
  "a function",
  (value: (n: number) => number) => assert.deepEqual([value.name, value(2)], ["named", 3]),
  () =>
    function named(n: number) {
      return n + 1;
    },
);
as(
  "functions in other values",
  (value: { list: Map<string, (() => number)[]> }) =>
    assert.deepEqual(
      value.list.get("a")?.map((fn) => fn()),
      [1, 2],
    ),
  () => ({ list: new Map([["a", [() => 1, () => 2]]]) }),
);
as(
  "one function twice",
  (value: { a: unknown; b: readonly unknown[] }) => {
    assert.equal(typeof value.a, "function");
    assert.equal(value.a, value.b[0]);
  },
  () => {
    const a = (): number => 5;
    return { a, b: [a] };
  },
);
as(
  "a function that a module exports",
  (value) => assert.equal(value, tasks.add),
  () => tasks.add,
);
as(
  "a class that a module exports",
  (value) => assert.equal(value, Point),
  () => Point,
);
as(
  "a native function",
  (value) => assert.equal(value, Math.max),
  () => Math.max,
);
as(
  "a method",
  (value: () => number) => assert.equal(value(), 4),
  () => ({ run: { run: () => 4 }.run }).run,
);
as(
  "an async function",
  (value: () => unknown) => assert.ok(value() instanceof Promise),
  () => async () => 1,
);
as(
  "a generator function",
  (value: () => Iterable<number>) => assert.deepEqual([...value()], [1, 2]),
  () =>
    function* () {
      yield* [1, 2];
    },
);
as(
  "a function that uses imports",
  (value: () => number) => assert.equal(value(), 3),
  () => () => tasks.add(1, 2),
);
as(
  "a function with properties",
  (value: (() => number) & { unit: string; of: { values: number[] }; next: () => number }) => {
    assert.deepEqual([value(), value.unit, value.of.values, value.next()], [1, "m", [1], 2]);
    assert.deepEqual(Object.keys(value), ["unit", "of", "next"]);
  },
  () => Object.assign(() => 1, { unit: "m", of: { values: [1] }, next: () => 2 }),
);
as(
  "functions of one text with other properties",
  (value: readonly { n: number }[]) =>
    assert.deepEqual(
      value.map(({ n }) => n),
      [1, 2],
    ),
  () => [1, 2].map((n) => Object.assign(() => 7, { n })),
);
refused(
  "a function that uses a variable of one around it",
  /the function (?:"closure"|\(anonymous\)) \(values\.[jt]s:\d+:\d+\), which cannot be sent: it uses "own", a constant of/,
  () => {
    const own = { n: 1 };
    const closure = (): number => own.n;
    return closure;
  },
);
refused(
  "a function with a property that cannot be sent",
  /\.cache is a WeakMap, which cannot leave its thread$/,
  () => Object.assign(() => 1, { cache: new WeakMap() }),
);
refused("a bound function", /"bound add", which cannot be sent: it is native or bound/, () =>
  tasks.add.bind(undefined, 1),
);
refused(
  "a class of its own function",
  /the class "Inner" \(values\.[jt]s:\d+:\d+\), which cannot be sent: it is a class that a function/,
  () =>
    class Inner {
      readonly n: number = 1;
    },
);

// What exists in one thread only.

refused("a symbol", /a symbol, Symbol\(s\)$/, () => Symbol("s"));
refused("a boxed symbol", /a Symbol, which cannot/, () => new Object(Symbol("s")));
refused("a promise", /a Promise, which cannot leave its thread$/, () => [Promise.resolve(1)]);
refused("a WeakMap", /a WeakMap, which cannot leave its thread$/, () => new WeakMap());
refused("a WeakSet", /a WeakSet, which cannot leave its thread$/, () => new WeakSet());
refused("a WeakRef", /a WeakRef, which cannot leave its thread$/, () => new WeakRef({}));
refused("a generator", /a Generator, which cannot leave its thread$/, () => (function* () {})());
refused("an async generator", /a AsyncGenerator, which cannot/, () => (async function* () {})());
refused("an iterator", /a Map Iterator, which cannot/, () => new Map().entries());
refused("a Proxy", /a Proxy, whose traps cannot/, () => new Proxy({ a: 1 }, {}));
refused("a Proxy on an array", /a Proxy, whose traps cannot/, () => new Proxy([1], {}));
refused(
  "a Proxy that shows nothing",
  /a Proxy, whose traps cannot/,
  () => new Proxy({}, { get: () => 42 }),
);
refused("Math", /a Math, which cannot be copied$/, () => Math);
refused("JSON", /a JSON, which cannot be copied$/, () => JSON);
refused("Intl", /a Intl, which cannot be copied$/, () => Intl);
refused(
  "a number format",
  /a NumberFormat, which cannot be copied$/,
  () => new Intl.NumberFormat(),
);
row(
  "the functions of a module",
  { arrives: (value) => assert.equal((value as typeof tasks).add, tasks.add) },
  () => ({ ...tasks }),
  { mayBeRefused: true },
);
refused("a URL", /a URL, which cannot be copied: send its href$/, () => new URL("http://a/b"));
refused("parameters of a URL", /a URLSearchParams, which cannot/, () => new URLSearchParams("a=1"));
refused("Headers", /a Headers, which cannot/, () => new Headers({ a: "1" }));
refused("a Request", /a Request, which cannot/, () => new Request("http://a/b"));
refused("a Response", /a Response, which cannot/, () => new Response("x"));
refused("a FormData", /a FormData, which cannot/, () => new FormData());
refused("an AbortController", /an? AbortController, which cannot/, () => new AbortController());
refused("an EventTarget", /an? EventTarget, which cannot/, () => new EventTarget());
refused("an event", /an? Event, which cannot/, () => new globalThis.Event("x"));
const isAborted = (value: AbortSignal): void => {
  assert.ok(value instanceof AbortSignal && value.aborted);
  isError(RangeError, "why", { code: 1 })(value.reason as Error);
};
as("an AbortSignal that has aborted", isAborted, () =>
  AbortSignal.abort(Object.assign(new RangeError("why"), { code: 1 })),
);
refused("a TextEncoder", /a TextEncoder, which cannot/, () => new TextEncoder());
refused("a ReadStream", /ReadStream|which/, () => {
  const stream = createReadStream(import.meta.filename);
  stream.destroy();
  return stream;
});
refused("a Readable", /Readable|which/, () => Readable.from([]));
refused("a Socket", /Socket|which/, () => new Socket());
refused("an EventEmitter", /EventEmitter|which/, () => new EventEmitter());
whole(
  "a Blob",
  Blob,
  () => new Blob(["x"]),
  (blob: Blob) => blob.size === 1,
);

// heddle's own.

const sharedObject = (name: string, make: () => unknown): void =>
  row(
    name,
    {
      arrives: (value) => {
        assert.equal((value as object).constructor, (make() as object).constructor);
      },
    },
    make,
    {
      process: {
        refused: /which (?:cannot leave its process|only threads that share memory can have)$/,
      },
    },
  );
sharedObject("a Lock", () => new Lock());
sharedObject("an Event", () => new Event());
sharedObject("a Condition", () => new Condition());
sharedObject("a Queue", () => new Queue());
refused("a Future", /a.* Future, which/, () => [new Future()]);
refused("a Context", /a.* Context, which/, () => copyContext());
refused("a ContextVar", /a.* ContextVar, which/, () => new ContextVar("v"));
refused("a ThreadLocal", /a ThreadLocal, which cannot leave its thread$/, () => new ThreadLocal());
refused("a queue of asyncio", /a.* Queue, which/, () => new asyncio.Queue());
refused("a lock of asyncio", /a.* Lock, which/, () => new asyncio.Lock());

/** Checks a value that has arrived in place of the row's. */
export function check({ make }: Row, fate: Fate, value: unknown): void {
  if (fate === EQUAL) assert.deepStrictEqual(value, make());
  else if ("arrives" in fate) fate.arrives(value);
  else assert.fail(`it arrived, as ${String(value)}`);
}

// What the workers do.

/** Returns undefined if the argument is what it should be, otherwise what is wrong. */
export function checkArgument(
  index: number,
  place: "fate" | "bytes" | "process",
  value: unknown,
): string {
  const tested = ROWS[index] as Row;
  try {
    check(tested, tested[place], value);
    return "";
  } catch (error) {
    return String(error);
  }
}

export function makeValue(index: number): unknown {
  return (ROWS[index] as Row).make();
}

/** As a part of a larger result. */
export function makeInside(index: number): { inside: unknown[] } {
  return { inside: [makeValue(index)] };
}

export function throwWith(index: number): never {
  throw Object.assign(new Error("holder"), { field: makeValue(index) });
}
