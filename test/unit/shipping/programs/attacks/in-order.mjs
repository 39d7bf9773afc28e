/* oxlint-disable -- code as it may be written, not as it should be */
/** What the top level reads and copies while it changes things: each value is that of its place. */
import { either, report, same } from "../compare.mjs";

const state = { n: 1, inner: { m: 1 }, list: [1] };
const list = [3, 1, 2];
const spread = { ...state };
const deep = structuredClone(state);
const copied = [...list];
const text = JSON.stringify(list);
const sorted = list.toSorted();
const template = `${state.n} ${list}`;
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const total = sum(list);
const compute = ({ n }) => n * 10;
const computed = compute(state);
const alias = state;
const byAlias = alias.n;
const { inner } = state;
const byInner = inner.m;
const first = list.shift();
const entries = new Map(Object.entries(state));
const keys = Object.keys(state);
const isFrozen = Object.isFrozen(list);
const found = list.find((n) => n > 1);
const at = list.at(-1);
state.n = 2;
state.inner.m = 2;
state.list.push(2);
state.added = true;
list.push(9);
Object.freeze(list);

class Account {
  #cents = 0;
  total = 0;
  add(n) {
    this.#cents += n;
    this.total += n;
    return this;
  }
  get cents() {
    return this.#cents;
  }
  read() {
    return this.#cents;
  }
}
const account = new Account();
account.add(1);
const byField = account.total;
const byGetter = account.cents;
const byMethod = account.read();
account.add(2);

let ids = 0;
const newId = () => ++ids;
const id1 = newId();
const id2 = newId();
const idsSoFar = ids;
newId();

function counter() {
  let count = 0;
  return () => ++count;
}
const next = counter();
const count1 = next();
const count2 = next();
next();

function* numbers() {
  let n = 0;
  while (true) yield n++;
}
const iterator = numbers();
const value1 = iterator.next().value;
const value2 = iterator.next().value;
iterator.next();

const pattern = /a./g;
const match1 = pattern.exec("abac")[0];
const lastIndex = pattern.lastIndex;
const match2 = pattern.exec("abac")[0];

const date = new Date(0);
const year = date.getUTCFullYear();
date.setUTCFullYear(2000);

const bytes = new Uint8Array(2);
const before = bytes[0];
bytes[0] = 7;
const view = new DataView(bytes.buffer);
const viewed = view.getUint8(0);
bytes[0] = 8;

let mode = "a";
const modes = [mode];
mode = "b";
modes.push(mode);
const current = () => mode;
const now = current();
mode = "c";
let swapped = 1;
let other = 2;
[swapped, other] = [other, swapped];
const afterSwap = [swapped, other];
[swapped, other] = [other, swapped];

const registry = {};
const register = (name) => {
  registry[name] = Object.keys(registry).length;
  return registry[name];
};
const place0 = register("a");
const place1 = register("b");
const size = Object.keys(registry).length;
register("c");

let looped = 0;
for (let i = 0; i < 3; i++) looped += i;
const afterLoop = looped;
for (let i = 0; i < 3; i++) looped += i;
let caught;
try {
  caught = state.n;
  throw new Error();
} catch {
  caught += 1;
}
const afterCatch = caught;
caught = 0;
class Config {
  static level = 1;
  static snapshot = Config.level;
  static {
    Config.level = 2;
  }
}
const levelNow = Config.level;
Config.level = 3;
const withDefault = (n = ids) => n;
const defaulted = withDefault();
ids = 50;
const awaited = await Promise.resolve(mode);
mode = "d";
const chain = { a: { b: { c: 1 } } };
const shortcut = chain.a.b;
const byShortcut = shortcut.c;
chain.a.b.c = 2;
chain.a = { b: { c: 3 } };
const orphan = shortcut.c;
var hoisted = typeof later;
var later = 1;
const hoistedNow = later;
later = 2;

const cases = {
  spread: () => spread,
  deep: () => deep,
  copied: () => copied,
  text: () => text,
  sorted: () => sorted,
  template: () => template,
  total: () => total,
  computed: () => computed,
  byAlias: () => byAlias,
  byInner: () => byInner,
  first: () => first,
  entries: () => [...entries],
  keys: () => keys,
  isFrozen: () => isFrozen,
  found: () => found,
  at: () => at,
  state: () => state,
  list: () => [list, Object.isFrozen(list)],
  byField: () => byField,
  byGetter: () => byGetter,
  byMethod: () => byMethod,
  account: () => account.cents,
  ids: () => [id1, id2, idsSoFar, ids],
  counts: () => [count1, count2],
  nextCount: () => next.name,
  values: () => [value1, value2],
  matches: () => [match1, match2, lastIndex],
  year: () => [year, date.getUTCFullYear()],
  bytes: () => [before, viewed, bytes[0]],
  modes: () => modes,
  now: () => now,
  mode: () => mode,
  afterSwap: () => [afterSwap, swapped, other],
  places: () => [place0, place1, size],
  registry: () => registry,
  afterLoop: () => [afterLoop, looped],
  afterCatch: () => [afterCatch, caught],
  levels: () => [Config.snapshot, levelNow, Config.level],
  defaulted: () => defaulted,
  awaited: () => awaited,
  byShortcut: () => [byShortcut, orphan, chain.a.b.c],
  hoisted: () => [hoisted, hoistedNow, later],
};
/** What only a function that was run before could know. */
const EITHER = /^(?:counts|values|awaited|matches)$/;
for (const [name, fn] of Object.entries(cases)) await (EITHER.test(name) ? either : same)(name, fn);
await report();
