/* oxlint-disable -- code as it may be written, not as it should be */
/** State of a module that its top level changes, in every way: a function gets what it is here, or is refused. */
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Thread } from "heddle/threading";
import { either, refused, report, same } from "./compare.mjs";

// Assigned directly.
let direct = 1;
direct = 2;
let updated = 1;
updated++;
let compound = "a";
compound += "b";
let [swappedA, swappedB] = [1, 2];
[swappedA, swappedB] = [swappedB, swappedA];
let patterned = 1;
({ a: patterned } = { a: 5 });
let rested = [];
[, ...rested] = [1, 2, 3];
let looped = 0;
for (let i = 0; i < 4; i++) looped += i;
let headed = 0;
for (headed of [1, 2, 3]);
let headedIn = "";
for (headedIn in { a: 1, b: 2 });
let inBlock = 0;
{
  inBlock = 3;
}
let inIf = 0;
if (direct === 2) inIf = 1;
else inIf = 2;
let inTry = 0;
try {
  throw new Error("x");
} catch {
  inTry = 4;
} finally {
  inTry++;
}
let inSwitch = 0;
switch (direct) {
  case 2:
    inSwitch = 7;
}
let logical;
logical ??= 8;
let conditional = 0;
direct === 2 && (conditional = 9);
let commaed = 0;
(0, (commaed = 10));
let byNested = 0;
const nestedInit = (byNested = 11) + 1;
let labelled = 0;
outer: for (;;) {
  for (;;) {
    labelled = 12;
    break outer;
  }
}

// By functions that come home from a worker.
const abroad = new ThreadPoolExecutor({ maxWorkers: 1 });
let broughtHome = 1;
const bringHome = () => void (broughtHome = 2);
const home = await abroad.submit((f) => f, bringHome).catch(() => bringHome);
home();
let broughtAlong = 1;
const bringAlong = () => void (broughtAlong = 2);
const [along] = await abroad.submit((f) => [f], bringAlong).catch(() => [bringAlong]);
along();
let broughtByThread = 1;
const bringByThread = () => void (broughtByThread = 2);
const thread = new Thread({ target: (f) => f, args: [bringByThread] });
try {
  thread.start();
  (await thread)();
} catch {
  bringByThread();
}
let broughtByClass = 1;
class Bringer {
  bring() {
    broughtByClass = 2;
  }
}
const bringer = await abroad.submit((object) => object, new Bringer()).catch(() => new Bringer());
bringer.bring();
await abroad.shutdown();

// By functions.
let byFunction = 0;
function setByFunction(value) {
  byFunction = value;
}
setByFunction(1);
let byArrow = 0;
const setByArrow = (value) => (byArrow = value);
setByArrow(2);
let byAliasOfFunction = 0;
const setter = () => {
  byAliasOfFunction = 3;
};
const setterAlias = setter;
setterAlias();
let byMethod = 0;
const methods = {
  set() {
    byMethod = 4;
  },
};
methods.set();
let byArrowProperty = 0;
const arrows = { set: () => (byArrowProperty = 5) };
arrows.set();
let byComputed = 0;
const computed = { ["s" + "et"]: () => (byComputed = 6) };
computed["set"]();
let byStatic = 0;
class Static {
  static set() {
    byStatic = 7;
  }
}
Static.set();
let byConstructor = 0;
class Constructed {
  constructor() {
    byConstructor = 8;
  }
}
new Constructed();
let bySuper = 0;
class Base {
  constructor() {
    bySuper = 9;
  }
}
class Derived extends Base {}
new Derived();
let byField = 0;
class Fielded {
  field = (byField = 10);
}
const fielded = new Fielded();
let byBlock = 0;
class Blocked {
  static {
    byBlock = 11;
  }
}
let byGetter = 0;
const withGetter = {
  get it() {
    return ++byGetter;
  },
};
withGetter.it;
let bySetter = 0;
const withSetter = {
  set it(value) {
    bySetter = value;
  },
};
withSetter.it = 12;
let byGetterOfPattern = 0;
const withGetter2 = {
  get it() {
    return ++byGetterOfPattern;
  },
};
const { it } = withGetter2;
let byConversion = 0;
const convertible = {
  toString() {
    return String(++byConversion);
  },
};
const converted = `${convertible}`;
let byIterator = 0;
const iterable = {
  *[Symbol.iterator]() {
    byIterator++;
    yield 1;
  },
};
const spread = [...iterable];
let byTag = 0;
const tag = () => (byTag = 13);
tag`x`;
let byCallback = 0;
[1, 2, 3].forEach((n) => (byCallback += n));
let byNamedCallback = 0;
const add = (n) => {
  byNamedCallback += n;
};
[1, 2, 3].forEach(add);
let byCall = 0;
function setByCall(value) {
  byCall = value;
}
setByCall.call(null, 14);
let byApply = 0;
function setByApply(value) {
  byApply = value;
}
Reflect.apply(setByApply, null, [15]);
let byBound = 0;
function setByBound(value) {
  byBound = value;
}
const bound = setByBound.bind(null, 16);
bound();
let byReturned = 0;
const makeSetter = () => () => {
  byReturned = 17;
};
makeSetter()();
let byTable = 0;
const table = { a: () => (byTable = 18) };
for (const key of Object.keys(table)) table[key]();
let byReplace = 0;
"abc".replace(/b/, () => String((byReplace = 19)));
let byPromise = 0;
const promised = new Promise((resolve) => {
  byPromise = 20;
  resolve(1);
});
let byThen = 0;
await Promise.resolve(1).then(() => (byThen = 21));
let byTimer = 0;
await new Promise((resolve) => {
  setTimeout(() => {
    byTimer = 22;
    resolve();
  }, 1);
});
let byAwaited = 0;
byAwaited = await Promise.resolve(23);
let byAsync = 0;
async function setLater() {
  await null;
  byAsync = 24;
}
await setLater();
let byGenerator = 0;
function* generate() {
  byGenerator = 25;
  yield 1;
}
generate().next();
let byIife = 0;
(() => {
  byIife = 26;
})();
let byDefault = 0;
((x = (byDefault = 27)) => x)();
let byJson = 0;
JSON.stringify({
  toJSON() {
    byJson = 28;
    return 1;
  },
});
let byProxy = 0;
const proxy = new Proxy({}, { get: () => (byProxy = 29) });
proxy.anything;

// Objects that are filled.
const list = [];
list.push(1);
const viaAlias = [];
const alias1 = viaAlias;
const alias2 = alias1;
alias2.push(2);
const viaLet = [];
let letAlias;
letAlias = viaLet;
letAlias.push(3);
const viaObject = [];
const holder = { viaObject };
holder.viaObject.push(4);
const viaArray = [];
const all = [viaArray];
all[0].push(5);
const viaLoop = [];
for (const each of [viaLoop]) each.push(6);
const viaForEach = [];
[viaForEach].forEach((each) => each.push(7));
const viaReturn = [];
const getIt = () => viaReturn;
getIt().push(8);
const viaReturnLet = [];
function giveIt() {
  return viaReturnLet;
}
const given = giveIt();
given.push(9);
const viaParameter = [];
function pushTo(target, value) {
  target.push(value);
}
pushTo(viaParameter, 10);
const viaParameter2 = { list: [] };
function pushInto({ list: target }) {
  target.push(11);
}
pushInto(viaParameter2);
const viaParameter3 = [];
function outerPush(target) {
  pushTo(target, 12);
}
outerPush(viaParameter3);
const viaConditional = [];
(direct === 2 ? viaConditional : list).push(13);
const viaLogical = [];
(null ?? viaLogical).push(14);
const viaMap = new Map([["a", []]]);
viaMap.get("a").push(15);
const inMap = [];
const mapOfIt = new Map([["a", inMap]]);
mapOfIt.get("a").push(16);
const viaFind = [[1], [2]];
viaFind.find(([n]) => n === 2).push(17);
const viaValues = { a: [] };
for (const each of Object.values(viaValues)) each.push(18);
const viaSpread = { deep: [] };
const copied = { ...viaSpread };
copied.deep.push(19);
const notViaSpread = { a: 1 };
const copied2 = { ...notViaSpread };
copied2.a = 2;
const viaAssign = {};
Object.assign(viaAssign, { a: 20 });
const viaDefine = {};
Object.defineProperty(viaDefine, "a", { value: 21, enumerable: true });
const viaReflect = {};
Reflect.set(viaReflect, "a", 22);
const viaDelete = { a: 1, b: 2 };
delete viaDelete.a;
const viaUpdate = { n: 1 };
viaUpdate.n++;
const viaCompound = { n: 1 };
viaCompound["n"] += 5;
const viaPattern = {};
[viaPattern.a, viaPattern.b] = [1, 2];
const viaHead = {};
for (viaHead.last of [1, 2, 3]);
const viaClass = [];
class Keeper {
  constructor(kept) {
    this.kept = kept;
  }
  add(x) {
    this.kept.push(x);
  }
}
const keeper = new Keeper(viaClass);
keeper.add(23);
class Registry {
  static entries = [];
  static add(x) {
    Registry.entries.push(x);
  }
  static add2(x) {
    this.entries.push(x);
  }
}
Registry.add(1);
Registry.add2(2);
class Patched {
  m() {
    return 1;
  }
}
Patched.prototype.m = function () {
  return 2;
};
Object.assign(Patched.prototype, { n: () => 3 });
class Patched2 {}
{
  const { prototype } = Patched2;
  prototype.m = () => 4;
}
function withStatics() {
  return withStatics.k;
}
withStatics.k = 24;
const bySort = [3, 1, 2];
bySort.sort();
const byCopyWithin = Uint8Array.of(1, 2, 3, 4);
byCopyWithin.set([9], 1);
const date = new Date(0);
date.setUTCFullYear(2001);
const view = new DataView(new ArrayBuffer(4));
view.setInt16(0, 258);
const bytes = new Uint8Array(view.buffer);
const regexp = /a/g;
regexp.test("aa");
const consumed = [1, 2, 3].values();
consumed.next();
const consumedByFor = new Set([1, 2, 3]).values();
for (const each of consumedByFor) if (each === 1) break;
const consumedByPattern = generateThree();
const [firstOfThree] = consumedByPattern;
function* generateThree() {
  yield* [1, 2, 3];
}
const unfrozen = { a: 1 };
const swapped = {};
Object.setPrototypeOf(swapped, { inherited: 25 });
const symbolKeyed = {};
const KEY = Symbol("key");
symbolKeyed[KEY] = 26;
const chained = { list: { items: [] } };
chained.list.items.push(27);
chained?.list?.items?.push(28);
const setInFunction = { date: new Date(0) };
function setUp() {
  setInFunction.date.setUTCFullYear(2002);
}
setUp();
const linked = { next: null };
linked.next = { value: list };
linked.next.value.push(99);
const params = new URLSearchParams();
params.append("a", "1");
const wrapped = [];
const wrapper = { add: (x) => wrapped.push(x) };
wrapper.add(1);
const memo = new Map();
function memoised(n) {
  if (memo.has(n)) return memo.get(n);
  const value = n * n;
  memo.set(n, value);
  return value;
}
memoised(3);
const evaluatedInOrder = [];
const first = evaluatedInOrder.push("first");
const second = evaluatedInOrder.push("second");

// Read between changes.
let changing = 1;
const readBefore = changing;
changing = 2;
const filling = [1];
const lengthBefore = filling.length;
filling.push(2);
const readByFunction = (() => filling.length)();
filling.push(3);
class Sized {
  static size = 1;
}
const sizeBefore = Sized.size;
Sized.size = 3;
const readChanging = () => changing;
const readByName = readChanging();
changing = 5;
const reader = { get: () => changing };
const readByMethod = reader.get() + 0;
changing = 6;
const holding = { filling };
const lengthInHolder = holding.filling.length;
filling.push(4);
const getting = {
  value: 1,
  get double() {
    return this.value * 2;
  },
};
getting.value = 5;
const { double: doubleBefore } = getting;
getting.value = 6;

const cases = {
  readBefore: () => readBefore,
  lengthBefore: () => lengthBefore,
  readByFunction: () => readByFunction,
  sizeBefore: () => sizeBefore,
  readByName: () => readByName,
  readByMethod: () => readByMethod,
  lengthInHolder: () => lengthInHolder,
  doubleBefore: () => doubleBefore,
  direct: () => direct,
  updated: () => updated,
  compound: () => compound,
  swapped: () => [swappedA, swappedB],
  patterned: () => patterned,
  rested: () => rested,
  looped: () => looped,
  headed: () => headed,
  headedIn: () => headedIn,
  inBlock: () => inBlock,
  inIf: () => inIf,
  inTry: () => inTry,
  inSwitch: () => inSwitch,
  logical: () => logical,
  conditional: () => conditional,
  commaed: () => commaed,
  byNested: () => byNested,
  nestedInit: () => nestedInit,
  labelled: () => labelled,
  byFunction: () => byFunction,
  byArrow: () => byArrow,
  byAliasOfFunction: () => byAliasOfFunction,
  byMethod: () => byMethod,
  byArrowProperty: () => byArrowProperty,
  byComputed: () => byComputed,
  byStatic: () => byStatic,
  byConstructor: () => byConstructor,
  bySuper: () => bySuper,
  byField: () => byField,
  byBlock: () => byBlock,
  byGetter: () => byGetter,
  bySetter: () => bySetter,
  byGetterOfPattern: () => byGetterOfPattern,
  byConversion: () => byConversion,
  byIterator: () => byIterator,
  byTag: () => byTag,
  byCallback: () => byCallback,
  byNamedCallback: () => byNamedCallback,
  byCall: () => byCall,
  byApply: () => byApply,
  byBound: () => byBound,
  byReturned: () => byReturned,
  byTable: () => byTable,
  byReplace: () => byReplace,
  byPromise: () => byPromise,
  byThen: () => byThen,
  byTimer: () => byTimer,
  byAwaited: () => byAwaited,
  byAsync: () => byAsync,
  byGenerator: () => byGenerator,
  byIife: () => byIife,
  byDefault: () => byDefault,
  byJson: () => byJson,
  byProxy: () => byProxy,
  list: () => list,
  viaAlias: () => viaAlias,
  viaLet: () => viaLet,
  viaObject: () => viaObject,
  viaArray: () => viaArray,
  viaLoop: () => viaLoop,
  viaForEach: () => viaForEach,
  viaReturn: () => viaReturn,
  viaReturnLet: () => viaReturnLet,
  viaParameter: () => viaParameter,
  viaParameter2: () => viaParameter2,
  viaParameter3: () => viaParameter3,
  viaConditional: () => viaConditional,
  viaLogical: () => viaLogical,
  viaMap: () => [...viaMap],
  inMap: () => inMap,
  viaFind: () => viaFind,
  viaValues: () => viaValues,
  viaSpread: () => viaSpread,
  notViaSpread: () => notViaSpread,
  viaAssign: () => viaAssign,
  viaDefine: () => viaDefine,
  viaReflect: () => viaReflect,
  viaDelete: () => viaDelete,
  viaUpdate: () => viaUpdate,
  viaCompound: () => viaCompound,
  viaPattern: () => viaPattern,
  viaHead: () => viaHead,
  viaClass: () => viaClass,
  keeper: () => keeper.kept,
  registry: () => Registry.entries,
  patched: () => [new Patched().m(), new Patched().n()],
  patched2: () => new Patched2().m(),
  withStatics: () => withStatics(),
  bySort: () => bySort,
  byCopyWithin: () => [...byCopyWithin],
  date: () => date,
  bytes: () => [...bytes],
  regexp: () => regexp.lastIndex,
  consumed: () => [...consumed],
  consumedByFor: () => [...consumedByFor],
  consumedByPattern: () => [...consumedByPattern],
  unfrozen: () => unfrozen,
  swappedPrototype: () => swapped.inherited,
  symbolKeyed: () => symbolKeyed[KEY],
  chained: () => chained,
  setInFunction: () => setInFunction,
  linked: () => linked,
  params: () => String(params),
  wrapped: () => wrapped,
  memoised: () => memoised(4),
  evaluatedInOrder: () => evaluatedInOrder,
  second: () => second,
};
for (const [name, get] of Object.entries({
  broughtHome: () => broughtHome,
  broughtAlong: () => broughtAlong,
  broughtByThread: () => broughtByThread,
  broughtByClass: () => broughtByClass,
})) {
  await either(name, get);
}
const { only } = { only: process.argv[2] };
/** Those whose refusal nobody would understand. */
const SAME =
  /^(?:read\w+|length\w+|sizeBefore|doubleBefore|direct|updated|compound|swapped|patterned|rested|looped|headed|headedIn|inBlock|inIf|inTry|inSwitch|logical|by(?:Function|Arrow|Method|Static|Constructor|Block|Callback|Iife)|list|viaAlias|viaParameter|viaAssign|viaDefine|viaDelete|viaUpdate|patched|withStatics|bySort|date|second|evaluatedInOrder)$/;
for (const [name, fn] of Object.entries(cases)) {
  if (only === undefined || only === name) await (SAME.test(name) ? same : either)(name, fn);
}
let afterwards = 1;
await either("before a later assignment", () => afterwards);
afterwards = 2;
await same("after a later assignment", () => [afterwards]);
await either("before its declaration", () => tooLate);
const tooLate = 1;
await same("after its declaration", () => [tooLate]);
let assigned = 1;
await refused("a variable assigned to", () => (assigned = 3));
const later = function later(n) {
  return n + (later.by ?? 0);
};
const give = (fn, value) => Object.assign(fn, { by: value });
await same("one that has no property yet", later, 1);
give(later, 5);
await either("one that has got a property since", later, 1);
await report();
