/* oxlint-disable -- what a linter refuses is meant here */
/**
 * Ways in which a function may get around in a module and be called, to be combined: each text
 * is what someone may have written.
 */

/** What a way is put together from: expressions, names that nothing else has, and what says statements before it. */
export interface Parts {
  /** What gives the value that is carried. */
  readonly e: string;
  /** What gives the function that is called. */
  readonly f: string;
  /** What gives the object that is used. */
  readonly o: string;
  readonly change: string;
  /** The members of an object. */
  readonly body: string;
  readonly a: string;
  readonly b: string;
  readonly c: string;
  say(statement: string): void;
}

export type Way = (parts: Parts) => string;

interface Member {
  has(change: string): string;
  use: Way;
}

/** Where a value may be put, and the expression that gives it from there. Statements before it are said. */
export const CARRIERS: Readonly<Record<string, Way>> = {
  var: ({ e, a, say }) => (say(`const ${a} = ${e};`), a),
  letAssigned: ({ e, a, say }) => (say(`let ${a}; ${a} = ${e};`), a),
  prop: ({ e, a, say }) => (say(`const ${a} = { p: ${e} };`), `${a}.p`),
  propLit: ({ e }) => `({ p: ${e} }).p`,
  propAssigned: ({ e, a, say }) => (say(`const ${a} = {}; ${a}.p = ${e};`), `${a}.p`),
  propDeep: ({ e, a, say }) => (say(`const ${a} = { a: {} }; ${a}.a.p = ${e};`), `${a}.a.p`),
  propComputed: ({ e, a, c, say }) => (
    say(`const ${c} = "p" + 1; const ${a} = {}; ${a}[${c}] = ${e};`),
    `${a}[${c}]`
  ),
  symbolKey: ({ e, a, c, say }) => (
    say(`const ${c} = Symbol("k"); const ${a} = { [${c}]: ${e} };`),
    `${a}[${c}]`
  ),
  objAssign: ({ e, a, say }) => (
    say(`const ${a} = {}; Object.assign(${a}, { p: ${e} });`),
    `${a}.p`
  ),
  objAssign2: ({ e }) => `Object.assign({}, { p: ${e} }).p`,
  defineValue: ({ e, a, say }) => (
    say(`const ${a} = {}; Object.defineProperty(${a}, "p", { value: ${e} });`),
    `${a}.p`
  ),
  defineGet: ({ e, a, say }) => (
    say(`const ${a} = {}; Object.defineProperty(${a}, "p", { get: () => ${e} });`),
    `${a}.p`
  ),
  defineGet2: ({ e, a, say }) => (
    say(`const ${a} = {}; Object.defineProperties(${a}, { p: { get() { return ${e}; } } });`),
    `${a}.p`
  ),
  reflectSet: ({ e, a, say }) => (say(`const ${a} = {}; Reflect.set(${a}, "p", ${e});`), `${a}.p`),
  reflectGet: ({ e, a, say }) => (say(`const ${a} = { p: ${e} };`), `Reflect.get(${a}, "p")`),
  spread: ({ e, a, say }) => (say(`const ${a} = { ...{ p: ${e} } };`), `${a}.p`),
  objValues: ({ e }) => `Object.values({ p: ${e} })[0]`,
  objEntries: ({ e }) => `Object.entries({ p: ${e} })[0][1]`,
  fromEntries: ({ e }) => `Object.fromEntries([["p", ${e}]]).p`,
  create: ({ e, a, say }) => (say(`const ${a} = Object.create({ p: ${e} });`), `${a}.p`),
  createDesc: ({ e }) => `Object.create(null, { p: { value: ${e} } }).p`,
  setProto: ({ e }) => `Object.setPrototypeOf({}, { p: ${e} }).p`,
  setProto2: ({ e, a, say }) => (
    say(`const ${a} = {}; Object.setPrototypeOf(${a}, { p: ${e} });`),
    `${a}.p`
  ),
  protoLit: ({ e }) => `({ __proto__: { p: ${e} } }).p`,
  prototype: ({ e, a, say }) => (
    say(`function ${a}() {} ${a}.prototype.p = ${e};`),
    `new ${a}().p`
  ),
  classPrototype: ({ e, a, b, say }) => (
    say(`class ${a} {} ${a}.prototype.p = ${e}; const ${b} = new ${a}();`),
    `${b}.p`
  ),
  array: ({ e }) => `[${e}][0]`,
  arrayVar: ({ e, a, say }) => (say(`const ${a} = [${e}];`), `${a}[0]`),
  push: ({ e, a, say }) => (say(`const ${a} = []; ${a}.push(${e});`), `${a}[0]`),
  indexed: ({ e, a, say }) => (say(`const ${a} = []; ${a}[0] = ${e};`), `${a}[0]`),
  at: ({ e }) => `[${e}].at(-1)`,
  find: ({ e }) => `[${e}].find(() => true)`,
  pop: ({ e }) => `[${e}].pop()`,
  flat: ({ e }) => `[[${e}]].flat()[0]`,
  map1: ({ e }) => `[1].map(() => ${e})[0]`,
  mapped: ({ e }) => `[${e}].map((x) => x)[0]`,
  reduce: ({ e }) => `[1].reduce(() => ${e}, null)`,
  concat: ({ e }) => `[].concat([${e}])[0]`,
  destructA: ({ e, a, say }) => (say(`const [${a}] = [${e}];`), a),
  destructO: ({ e, a, say }) => (say(`const { p: ${a} } = { p: ${e} };`), a),
  destructDefault: ({ e, a, say }) => (say(`const { p: ${a} = ${e} } = {};`), a),
  destructAssign: ({ e, a, say }) => (say(`let ${a}; ({ p: ${a} } = { p: ${e} });`), a),
  rest: ({ e, a, say }) => (say(`const { ...${a} } = { p: ${e} };`), `${a}.p`),
  map: ({ e, a, say }) => (say(`const ${a} = new Map([["k", ${e}]]);`), `${a}.get("k")`),
  mapSet: ({ e, a, say }) => (say(`const ${a} = new Map(); ${a}.set("k", ${e});`), `${a}.get("k")`),
  mapLit: ({ e }) => `new Map([["k", ${e}]]).get("k")`,
  mapValues: ({ e }) => `[...new Map([["k", ${e}]]).values()][0]`,
  set: ({ e }) => `[...new Set([${e}])][0]`,
  weakMap: ({ e, a, c, say }) => (
    say(`const ${c} = {}; const ${a} = new WeakMap(); ${a}.set(${c}, ${e});`),
    `${a}.get(${c})`
  ),
  weakRef: ({ e, a, say }) => (say(`const ${a} = ${e};`), `new WeakRef(${a}).deref()`),
  field: ({ e, a, say }) => (say(`class ${a} { p = ${e}; }`), `new ${a}().p`),
  privField: ({ e, a, say }) => (
    say(`class ${a} { #p = ${e}; get q() { return this.#p; } }`),
    `new ${a}().q`
  ),
  staticField: ({ e, a, say }) => (say(`class ${a} { static p = ${e}; }`), `${a}.p`),
  staticBlock: ({ e, a, say }) => (
    say(`class ${a} { static p; static { this.p = ${e}; } }`),
    `${a}.p`
  ),
  ctorField: ({ e, a, say }) => (
    say(`class ${a} { constructor() { this.p = ${e}; } }`),
    `new ${a}().p`
  ),
  ctorParam: ({ e, a, say }) => (
    say(`class ${a} { constructor(p) { this.p = p; } }`),
    `new ${a}(${e}).p`
  ),
  ctorParamVar: ({ e, a, b, say }) => (
    say(`class ${a} { constructor(p) { this.p = p; } } const ${b} = new ${a}(${e});`),
    `${b}.p`
  ),
  superField: ({ e, a, b, say }) => (
    say(`class ${a} { p = ${e}; } class ${b} extends ${a} {}`),
    `new ${b}().p`
  ),
  getter: ({ e, a, say }) => (say(`class ${a} { get p() { return ${e}; } }`), `new ${a}().p`),
  getterVar: ({ e, a, b, say }) => (
    say(`class ${a} { get p() { return ${e}; } } const ${b} = new ${a}();`),
    `${b}.p`
  ),
  getterLit: ({ e }) => `({ get p() { return ${e}; } }).p`,
  method: ({ e, a, say }) => (say(`class ${a} { m() { return ${e}; } }`), `new ${a}().m()`),
  staticMethod: ({ e, a, say }) => (say(`class ${a} { static m() { return ${e}; } }`), `${a}.m()`),
  singleton: ({ e, a, say }) => (
    say(`class ${a} { static #i; static get i() { return (this.#i ??= { p: ${e} }); } }`),
    `${a}.i.p`
  ),
  declared: ({ e, a, say }) => (say(`function ${a}() { return ${e}; }`), `${a}()`),
  arrow: ({ e, a, say }) => (say(`const ${a} = () => ${e};`), `${a}()`),
  arrowObj: ({ e, a, say }) => (say(`const ${a} = () => ({ p: ${e} });`), `${a}().p`),
  iife: ({ e }) => `(() => ${e})()`,
  iifeThis: ({ e }) => `(function () { return this.p; }).call({ p: ${e} })`,
  identity: ({ e, a, say }) => (say(`const ${a} = (x) => x;`), `${a}(${e})`),
  identityObj: ({ e, a, say }) => (say(`function ${a}(x) { return { p: x }; }`), `${a}(${e}).p`),
  pickP: ({ e, a, say }) => (say(`function ${a}(x) { return x.p; }`), `${a}({ p: ${e} })`),
  restArgs: ({ e, a, say }) => (say(`function ${a}(...x) { return x[0]; }`), `${a}(${e})`),
  argumentsOf: ({ e, a, say }) => (say(`function ${a}() { return arguments[0]; }`), `${a}(${e})`),
  defaultParam: ({ e, a, say }) => (say(`function ${a}(x = ${e}) { return x; }`), `${a}()`),
  curried: ({ e }) => `((x) => () => x)(${e})()`,
  out: ({ e, a, b, say }) => (say(`let ${a}; function ${b}(x) { ${a} = x; } ${b}(${e});`), a),
  outParam: ({ e, a, b, say }) => (
    say(`function ${b}(o, x) { o.p = x; } const ${a} = {}; ${b}(${a}, ${e});`),
    `${a}.p`
  ),
  callback: ({ e, a, say }) => (say(`let ${a}; ((f) => f(${e}))((x) => { ${a} = x; });`), a),
  forEachOut: ({ e, a, say }) => (say(`let ${a}; [${e}].forEach((x) => { ${a} = x; });`), a),
  forOf: ({ e, a, say }) => (say(`let ${a}; for (const x of [${e}]) ${a} = x;`), a),
  thisOut: ({ e, a, say }) => (
    say(`const ${a} = { set(x) { this.p = x; } }; ${a}.set(${e});`),
    `${a}.p`
  ),
  generator: ({ e, a, say }) => (say(`function* ${a}() { yield ${e}; }`), `[...${a}()][0]`),
  genNext: ({ e, a, say }) => (say(`function* ${a}() { yield ${e}; }`), `${a}().next().value`),
  genReturn: ({ e, a, say }) => (say(`function* ${a}() { return ${e}; }`), `${a}().next().value`),
  await: ({ e }) => `(await (${e}))`,
  promise: ({ e }) => `(await Promise.resolve(${e}))`,
  promiseVar: ({ e, a, say }) => (say(`const ${a} = Promise.resolve(${e});`), `(await ${a})`),
  promiseNew: ({ e }) => `(await new Promise((r) => r(${e})))`,
  then: ({ e }) => `(await Promise.resolve().then(() => ${e}))`,
  all: ({ e }) => `(await Promise.all([${e}]))[0]`,
  asyncFn: ({ e, a, say }) => (say(`async function ${a}() { return ${e}; }`), `(await ${a}())`),
  cond: ({ e }) => `(Math.random() < 2 ? ${e} : null)`,
  or: ({ e }) => `(null ?? ${e})`,
  and: ({ e }) => `(1 && ${e})`,
  comma: ({ e }) => `(0, ${e})`,
  assignExpr: ({ e, a, say }) => (say(`let ${a};`), `(${a} = ${e})`),
  thrown: ({ e, a, say }) => (say(`let ${a}; try { throw ${e}; } catch (x) { ${a} = x; }`), a),
  proxyGet: ({ e }) => `new Proxy({}, { get: () => ${e} }).p`,
  proxyVar: ({ e, a, say }) => (say(`const ${a} = new Proxy({ p: ${e} }, {});`), `${a}.p`),
  subArray: ({ e, a, say }) => (say(`class ${a} extends Array {}`), `${a}.of(${e})[0]`),
  global: ({ e, a, say }) => (say(`globalThis.${a} = ${e};`), `globalThis.${a}`),
  errorProp: ({ e }) => `Object.assign(new Error("x"), { p: ${e} }).p`,
  closureVar: ({ e, a, say }) => (
    say(`const ${a} = (() => { const inner = ${e}; return { p: inner }; })();`),
    `${a}.p`
  ),
  moduleish: ({ e, a, say }) => (
    say(`const ${a} = (function () { const self = {}; self.p = ${e}; return self; })();`),
    `${a}.p`
  ),
  label: ({ e, a, say }) => (say(`let ${a}; { ${a} = ${e}; }`), a),
  ifStmt: ({ e, a, say }) => (say(`let ${a}; if (Math.random() < 2) ${a} = ${e};`), a),
  nullishAssign: ({ e, a, say }) => (say(`let ${a}; ${a} ??= ${e};`), a),
  nullishProp: ({ e, a, say }) => (say(`const ${a} = {}; ${a}.p ??= ${e};`), `${a}.p`),
  bound: ({ e }) => `((x) => x).bind(null, ${e})()`,
  applyArgs: ({ e }) => `((x) => x).apply(null, [${e}])`,
  spreadArgs: ({ e }) => `((x) => x)(...[${e}])`,
  reflectApply: ({ e }) => `Reflect.apply((x) => x, null, [${e}])`,
  reflectConstruct: ({ e, a, say }) => (
    say(`class ${a} { constructor(p) { this.p = p; } }`),
    `Reflect.construct(${a}, [${e}]).p`
  ),
  tagged: ({ e }) => `((s, x) => x)\`\${${e}}\``,
  slice: ({ e }) => `[${e}].slice()[0]`,
  arrayFrom: ({ e }) => `Array.from([${e}])[0]`,
  arrayOf: ({ e }) => `Array.of(${e})[0]`,
  iterNext: ({ e }) => `[${e}].values().next().value`,
};

/** What calls a function that an expression gives. */
export const CALLERS: Readonly<Record<string, Way>> = {
  call: ({ f }) => `(${f})();`,
  optional: ({ f }) => `(${f})?.();`,
  dotCall: ({ f }) => `(${f}).call(null);`,
  dotApply: ({ f }) => `(${f}).apply(null, []);`,
  bind: ({ f }) => `(${f}).bind(null)();`,
  reflect: ({ f }) => `Reflect.apply(${f}, null, []);`,
  forEach: ({ f }) => `[1].forEach(${f});`,
  callbackCalled: ({ f }) => `[${f}].forEach((g) => g());`,
  loop: ({ f }) => `for (const g of [${f}]) g();`,
  arrayFrom: ({ f }) => `Array.from([1], ${f});`,
  replace: ({ f }) => `"a".replace("a", ${f});`,
  sort: ({ f }) => `[2, 1].sort(${f});`,
  replacer: ({ f }) => `JSON.stringify({ a: 1 }, ${f});`,
  reviver: ({ f }) => `JSON.parse("[1]", ${f});`,
  promise: ({ f }) => `new Promise(${f});`,
  then: ({ f }) => `await Promise.resolve().then(${f});`,
  finally: ({ f }) => `await Promise.resolve().finally(${f});`,
  micro: ({ f }) => `queueMicrotask(${f}); await null;`,
  timeout: ({ f }) => `setTimeout(${f}, 0); await new Promise((r) => setTimeout(r, 2));`,
  tag: ({ f }) => `(${f})\`x\`;`,
  String: ({ f }) => `String({ toString: ${f} });`,
  toStringT: ({ f }) => `\`\${{ toString: ${f} }}\`;`,
  valueOfLiteral: ({ f }) => `({ valueOf: ${f} }) + 1;`,
  valueOfVar: ({ f, a }) => `const ${a} = { valueOf: ${f} }; +${a};`,
  toPrimitive: ({ f }) => `\`\${{ [Symbol.toPrimitive]: ${f} }}\`;`,
  toPrimitiveKey: ({ f }) => `({})[{ [Symbol.toPrimitive]: ${f} }];`,
  toJSON: ({ f }) => `JSON.stringify({ toJSON: ${f} });`,
  iterator: ({ f, a }) => `const ${a} = ${f}; [...{ *[Symbol.iterator]() { ${a}(); } }];`,
  thenable: ({ f, a }) => `const ${a} = ${f}; await { then(r) { ${a}(); r(); } };`,
  get: ({ f }) => `Object.defineProperty({}, "x", { get: ${f} }).x;`,
  getVar: ({ f, a }) => `const ${a} = Object.defineProperty({}, "x", { get: ${f} }); ${a}.x;`,
  setVar: ({ f, a }) =>
    `const ${a} = {}; Object.defineProperty(${a}, "x", { set: ${f} }); ${a}.x = 1;`,
  hasInstance: ({ f }) => `1 instanceof { [Symbol.hasInstance]: ${f} };`,
  proxy: ({ f }) => `new Proxy({}, { get: ${f} }).x;`,
  proxyHas: ({ f, a }) => `const ${a} = new Proxy({}, { has: ${f} }); "x" in ${a};`,
  proxySet: ({ f, a }) =>
    `const ${a} = new Proxy({}, { set() { (${f})(); return true; } }); ${a}.x = 1;`,
  inFn: ({ f, a }) => `function ${a}(g) { g(); } ${a}(${f});`,
  inFnObj: ({ f, a }) => `function ${a}(o) { o.g(); } ${a}({ g: ${f} });`,
  inFnIndex: ({ f, a }) => `function ${a}(o) { o[0](); } ${a}([${f}]);`,
  inCtor: ({ f, a }) => `class ${a} { constructor(g) { g(); } } new ${a}(${f});`,
  inCtorField: ({ f, a }) =>
    `class ${a} { constructor(g) { this.g = g; this.run(); } run() { this.g(); } } new ${a}(${f});`,
  inCtorPriv: ({ f, a }) =>
    `class ${a} { #g; constructor(g) { this.#g = g; } run() { this.#g(); } } new ${a}(${f}).run();`,
  event: ({ f, a }) =>
    `const ${a} = new EventTarget(); ${a}.addEventListener("x", ${f}); ${a}.dispatchEvent(new Event("x"));`,
  registry: ({ f, a }) =>
    `const ${a} = new Map(); ${a}.set("a", ${f}); for (const [, g] of ${a}) g();`,
  emitter: ({ f, a }) =>
    `class ${a} { l = []; on(g) { this.l.push(g); } emit() { for (const g of this.l) g(); } } const ${a}e = new ${a}(); ${a}e.on(${f}); ${a}e.emit();`,
  emitterMap: ({ f, a }) =>
    `class ${a} { #l = new Map(); on(n, g) { this.#l.set(n, [g]); return this; } emit(n) { this.#l.get(n)?.forEach((g) => g()); } } new ${a}().on("a", ${f}).emit("a");`,
  field: ({ f, a }) => `class ${a} { p = (${f})(); } new ${a}();`,
  staticField: ({ f, a }) => `class ${a} { static p = (${f})(); }`,
  computedKey: ({ f, a }) => `const ${a} = { [String((${f})())]: 1 };`,
  destructDefault: ({ f, a }) => `const { ${a} = (${f})() } = {};`,
  paramDefault: ({ f }) => `((x = (${f})()) => x)();`,
  genIter: ({ f, a }) => `const ${a} = ${f}; for (const x of (function* () { ${a}(); })()) ;`,
  ifTest: ({ f }) => `if ((${f})()) ;`,
  sw: ({ f }) => `switch ((${f})()) { default: }`,
  throwFin: ({ f }) => `try { throw 1; } catch {} finally { (${f})(); }`,
  some: ({ f }) => `[1].some(${f});`,
  reduce: ({ f }) => `[1, 2].reduce(${f});`,
  mapForEach: ({ f }) => `new Map([[1, 1]]).forEach(${f});`,
  groupBy: ({ f }) => `Object.fromEntries([1].map(${f}).map((x) => [x, 1]));`,
};

/** Members of an object that change something, and what has them called. */
export const MEMBERS: Readonly<Record<string, Member>> = {
  toStringT: {
    has: (change) => `toString() { ${change} return ""; }`,
    use: ({ o }) => `\`\${${o}}\`;`,
  },
  toStringS: {
    has: (change) => `toString() { ${change} return ""; }`,
    use: ({ o }) => `String(${o});`,
  },
  toStringC: {
    has: (change) => `toString() { ${change} return ""; }`,
    use: ({ o }) => `"" + ${o};`,
  },
  toStringJ: {
    has: (change) => `toString() { ${change} return ""; }`,
    use: ({ o }) => `[${o}].join();`,
  },
  toStringK: {
    has: (change) => `toString() { ${change} return ""; }`,
    use: ({ o }) => `({})[${o}];`,
  },
  toStringKey: {
    has: (change) => `toString() { ${change} return "k"; }`,
    use: ({ o, a }) => `const ${a} = { [${o}]: 1 };`,
  },
  toStringErr: {
    has: (change) => `toString() { ${change} return ""; }`,
    use: ({ o }) => `new Error(${o});`,
  },
  toStringNum: {
    has: (change) => `toString() { ${change} return "1"; }`,
    use: ({ o }) => `parseInt(${o});`,
  },
  toStringCmp: {
    has: (change) => `toString() { ${change} return ""; }`,
    use: ({ o }) => `${o} == "";`,
  },
  valueOfP: { has: (change) => `valueOf() { ${change} return 1; }`, use: ({ o }) => `${o} + 1;` },
  valueOfU: { has: (change) => `valueOf() { ${change} return 1; }`, use: ({ o }) => `+(${o});` },
  valueOfN: {
    has: (change) => `valueOf() { ${change} return 1; }`,
    use: ({ o }) => `Number(${o});`,
  },
  valueOfL: { has: (change) => `valueOf() { ${change} return 1; }`, use: ({ o }) => `(${o}) < 2;` },
  valueOfM: {
    has: (change) => `valueOf() { ${change} return 1; }`,
    use: ({ o }) => `Math.max(${o});`,
  },
  valueOfA: {
    has: (change) => `valueOf() { ${change} return 1; }`,
    use: ({ o, a }) => `let ${a} = 1; ${a} += ${o};`,
  },
  valueOfD: {
    has: (change) => `valueOf() { ${change} return 1; }`,
    use: ({ o }) => `new Date(${o});`,
  },
  prim: {
    has: (change) => `[Symbol.toPrimitive]() { ${change} return 1; }`,
    use: ({ o }) => `\`\${${o}}\`;`,
  },
  primSort: {
    has: (change) => `[Symbol.toPrimitive]() { ${change} return 1; }`,
    use: ({ o }) => `[${o}, 1].sort();`,
  },
  json: {
    has: (change) => `toJSON() { ${change} return 1; }`,
    use: ({ o }) => `JSON.stringify(${o});`,
  },
  jsonDeep: {
    has: (change) => `toJSON() { ${change} return 1; }`,
    use: ({ o }) => `JSON.stringify([{ a: ${o} }]);`,
  },
  iterS: { has: (change) => `*[Symbol.iterator]() { ${change} }`, use: ({ o }) => `[...${o}];` },
  iterF: {
    has: (change) => `*[Symbol.iterator]() { ${change} }`,
    use: ({ o }) => `for (const x of ${o}) ;`,
  },
  iterD: {
    has: (change) => `*[Symbol.iterator]() { ${change} }`,
    use: ({ o, a }) => `const [${a}] = ${o};`,
  },
  iterA: {
    has: (change) => `*[Symbol.iterator]() { ${change} }`,
    use: ({ o }) => `Array.from(${o});`,
  },
  iterSet: {
    has: (change) => `*[Symbol.iterator]() { ${change} }`,
    use: ({ o }) => `new Set(${o});`,
  },
  iterCall: {
    has: (change) => `*[Symbol.iterator]() { ${change} }`,
    use: ({ o }) => `Math.max(...${o});`,
  },
  iterY: {
    has: (change) => `*[Symbol.iterator]() { ${change} }`,
    use: ({ o }) => `[...(function* () { yield* ${o}; })()];`,
  },
  asyncIter: {
    has: (change) => `async *[Symbol.asyncIterator]() { ${change} }`,
    use: ({ o }) => `for await (const x of ${o}) ;`,
  },
  then: { has: (change) => `then(r) { ${change} r(); }`, use: ({ o }) => `await ${o};` },
  thenR: {
    has: (change) => `then(r) { ${change} r(); }`,
    use: ({ o }) => `await Promise.resolve(${o});`,
  },
  thenA: {
    has: (change) => `then(r) { ${change} r(); }`,
    use: ({ o }) => `await Promise.all([${o}]);`,
  },
  thenFn: {
    has: (change) => `then(r) { ${change} r(); }`,
    use: ({ o }) => `await (async () => ${o})();`,
  },
  has: {
    has: (change) => `[Symbol.hasInstance]() { ${change} return true; }`,
    use: ({ o }) => `1 instanceof ${o};`,
  },
  tag: {
    has: (change) => `get [Symbol.toStringTag]() { ${change} return "x"; }`,
    use: ({ o }) => `String(${o});`,
  },
  tag2: {
    has: (change) => `get [Symbol.toStringTag]() { ${change} return "x"; }`,
    use: ({ o }) => `Object.prototype.toString.call(${o});`,
  },
  getX: { has: (change) => `get x() { ${change} return 1; }`, use: ({ o }) => `(${o}).x;` },
  getXo: { has: (change) => `get x() { ${change} return 1; }`, use: ({ o }) => `(${o})?.x;` },
  getXi: { has: (change) => `get x() { ${change} return 1; }`, use: ({ o }) => `(${o})["x"];` },
  getXd: {
    has: (change) => `get x() { ${change} return 1; }`,
    use: ({ o, a }) => `const { x: ${a} } = ${o};`,
  },
  getXp: {
    has: (change) => `get x() { ${change} return 1; }`,
    use: ({ o }) => `((y) => y.x)(${o});`,
  },
  getXpd: {
    has: (change) => `get x() { ${change} return 1; }`,
    use: ({ o }) => `(({ x }) => x)(${o});`,
  },
  getXk: {
    has: (change) => `get x() { ${change} return 1; }`,
    use: ({ o }) => `Reflect.get(${o}, "x");`,
  },
  getXv: {
    has: (change) => `get x() { ${change} return 1; }`,
    use: ({ o, a }) => `const ${a} = "x"; (${o})[${a}];`,
  },
  setX: { has: (change) => `set x(v) { ${change} }`, use: ({ o }) => `(${o}).x = 1;` },
  setXi: {
    has: (change) => `set x(v) { ${change} }`,
    use: ({ o }) => `Object.assign(${o}, { x: 1 });`,
  },
  setXr: {
    has: (change) => `set x(v) { ${change} }`,
    use: ({ o }) => `Reflect.set(${o}, "x", 1);`,
  },
  setXd: { has: (change) => `set x(v) { ${change} }`, use: ({ o }) => `[(${o}).x] = [1];` },
  incX: {
    has: (change) => `get x() { return 1; } set x(v) { ${change} }`,
    use: ({ o }) => `(${o}).x++;`,
  },
  m: { has: (change) => `m() { ${change} }`, use: ({ o }) => `(${o}).m();` },
  mi: { has: (change) => `m() { ${change} }`, use: ({ o }) => `(${o})["m"]();` },
  mv: {
    has: (change) => `m() { ${change} }`,
    use: ({ o, a }) => `const ${a} = "m"; (${o})[${a}]();`,
  },
  mc: {
    has: (change) => `m() { ${change} }`,
    use: ({ o, a }) => `const { m: ${a} } = ${o}; ${a}();`,
  },
  mp: { has: (change) => `m() { ${change} }`, use: ({ o }) => `((y) => y.m())(${o});` },
  mr: {
    has: (change) => `m() { ${change} }`,
    use: ({ o }) => `Reflect.apply(Reflect.get(${o}, "m"), null, []);`,
  },
  mcall: { has: (change) => `m() { ${change} }`, use: ({ o }) => `(${o}).m.call(null);` },
  each: { has: (change) => `m() { ${change} }`, use: ({ o }) => `[${o}].map((y) => y.m());` },
  dispose: {
    has: (change) => `[Symbol.dispose]() { ${change} }`,
    use: ({ o, a }) => `{ const ${a} = ${o}; ${a}[Symbol.dispose](); }`,
  },
  handleEvent: {
    has: (change) => `handleEvent() { ${change} }`,
    use: ({ o, a }) =>
      `const ${a} = new EventTarget(); ${a}.addEventListener("x", ${o}); ${a}.dispatchEvent(new Event("x"));`,
  },
  species: {
    has: (change) => `get constructor() { ${change} return Object; }`,
    use: ({ o }) => `(${o}).constructor;`,
  },
  match: {
    has: (change) => `[Symbol.replace]() { ${change} return ""; }`,
    use: ({ o }) => `"a".replace(${o}, "");`,
  },
};

/** Objects with such members. */
export const OBJECTS: Readonly<Record<string, Way>> = {
  class: ({ body, a, say }) => (say(`class ${a} { ${body} }`), `new ${a}()`),
  "class expression": ({ body }) => `new (class { ${body} })()`,
  "class below": ({ body, a, b, say }) => (
    say(`class ${a} { ${body} } class ${b} extends ${a} {}`),
    `new ${b}()`
  ),
  literal: ({ body }) => `({ ${body.replace("} set", "}, set")} })`,
};

/** Functions that change something. */
export const FUNCTIONS: Readonly<Record<string, Way>> = {
  arrow: ({ change }) => `(() => { ${change} })`,
  expression: ({ change }) => `(function () { ${change} })`,
  declaration: ({ change, a, say }) => (say(`function ${a}() { ${change} }`), a),
  constant: ({ change, a, say }) => (say(`const ${a} = () => { ${change} };`), a),
  "static method": ({ change, a, say }) => (
    say(`class ${a} { static f() { ${change} } }`),
    `${a}.f`
  ),
  method: ({ change, a, say }) => (say(`class ${a} { f() { ${change} } }`), `new ${a}().f`),
  "method of a literal": ({ change }) => `({ f() { ${change} } }).f`,
};

/** What is changed: a declaration, the change, and what reads it then, which gives 5. */
export const CHANGES: Readonly<Record<string, readonly [string, string, string]>> = {
  "an assignment": ["let level = 1;", "level = 5;", "level"],
  "a property": ["const state = { level: 1 };", "state.level = 5;", "state.level"],
  "an element": ["const list = [1];", "list[0] = 5;", "list[0]"],
  "a static field": ["class Counter { static level = 1; }", "Counter.level = 5;", "Counter.level"],
  "a method": ["const list = [];", "list.push(1, 2, 3, 4, 5);", "(list.length || 1)"],
  "a property of a property": [
    "const state = { a: { level: 1 } };",
    "const a = state.a; a.level = 5;",
    "state.a.level",
  ],
  "a helper": [
    "const state = { level: 1 }; function raise(o) { o.level = 5; }",
    "raise(state);",
    "state.level",
  ],
  delete: ["const state = { over: 1 };", "delete state.over;", "(state.over ?? 5)"],
  "Object.assign()": [
    "const state = { level: 1 };",
    "Object.assign(state, { level: 5 });",
    "state.level",
  ],
};
