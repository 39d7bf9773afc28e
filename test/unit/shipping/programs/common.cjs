/* oxlint-disable -- code as it may be written, not as it should be */
/** The same for a main module that is CommonJS, and not strict. */
const path = require("node:path");
const { join, ...rest } = require("node:path");
const lib = require("./common-lib.cjs");
const { state, grow } = require("./common-lib.cjs");

const FACTOR = 3;
var hoistedLate;
let count = 0;
exports.factor = 4;
exports.byExports = function () {
  return exports.factor * FACTOR;
};
exports.arrow = () => exports.factor + 1;
module.exports.nested = { f: () => FACTOR };
const K = (exports.K = 5);
Object.defineProperty(exports, "defined", { get: () => 6, enumerable: true });
function* numbers() {
  yield FACTOR;
}
function sloppyThis() {
  return typeof this;
}
function sloppyArguments(a) {
  a = 2;
  return arguments[0];
}
function assignsUndeclared() {
  undeclaredCommon = 1;
  return 1;
}
function octal() {
  return 010;
}
function usesDelete() {
  var local = 1;
  return delete local;
}
function silent() {
  const frozen = Object.freeze({ a: 1 });
  frozen.a = 2;
  return frozen.a;
}
function usesWith(o) {
  with (o) {
    return FACTOR;
  }
}
let insideWith;
with ({ FACTOR: 77 }) {
  insideWith = () => FACTOR + 0.5;
}
let insideWith2;
with ({ Math: { max: () => "with" } }) {
  insideWith2 = () => Math.max(1);
}
if (true) {
  function inBlock() {
    return "block";
  }
}
for (var i = 0; i < 3; i++);
var redeclared = 1;
var redeclared = 2;
function twice() {
  return 1;
}
function twice() {
  return 2;
}
var let_ = 1;
const yieldName = ((yield_) => yield_)(1);
hoistedLate = 8;

async function main() {
  const { same, refused, either, report } = await import("./compare.mjs");
  await same("a required module", () => path.basename("/a/b"));
  await same("a required name", () => join("a", "b"));
  await same("a rest of a required module", () => typeof rest.dirname);
  await either("an own module", () => lib.double(FACTOR));
  await same("__dirname and __filename", () => [__dirname, __filename]);
  await same("require inside", () => require("./common-lib.cjs").double(4));
  await same("require of a built-in module inside", () => require("node:path").sep);
  await same("exports", () => exports.factor);
  await either("an exported function", exports.byExports);
  await same("an exported arrow", exports.arrow);
  await same("a nested export", module.exports.nested.f);
  await same("as TypeScript compiles it", () => exports.K + K);
  await same("an exported getter", () => exports.defined);
  await same("a generator", () => [...numbers()]);
  await either("this", sloppyThis);
  await either("arguments that follow parameters", sloppyArguments, 1);
  await either("an undeclared variable assigned", assignsUndeclared);
  await either("an octal number", octal);
  await either("delete of a variable", usesDelete);
  await either("a write that fails in silence", silent);
  await either("with", usesWith, { FACTOR: 9 });
  await either("a function in a with", insideWith);
  await either("a function in a with that hides a global", insideWith2);
  await either("a function of a block", () => inBlock());
  await either("a var of a loop", () => i);
  await either("a var declared twice", () => redeclared);
  await either("a function declared twice", () => twice());
  await same("a var assigned later", () => hoistedLate);
  await either("state of a module", () => [state.n, grow(), state.n]);
  await either("module.exports itself", () => Object.keys(module.exports).sort());
  await either("module", () => typeof module.id);
  await either("require.resolve", () => require.resolve("./common-lib.cjs"));
  await either("require.main", () => require.main === module);
  await either("this at the top", () => typeof globalThis.process);
  await refused("an assignment", () => count++);
  await report();
}
main();
