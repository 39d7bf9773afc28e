/* oxlint-disable -- code as it may be written, not as it should be */
/** Functions of modules that no path in quotes leads to, with texts that functions of this one have. */
import { either, report, same } from "./compare.mjs";

const path = ["./alike", "lib.mjs"].join("-");
const factor = Number("1");
function scaled(n) {
  return n * factor;
}
const arrow = (n) => n * factor + 1;
const listed = [(n) => n * factor + 2];
const lib = await import(path);
const pass = (fn) => fn;

await same("one's own", scaled, 3);
await same("one's own arrow", arrow, 3);
await same("one's own, by way of a list", listed[0], 3);
await same("one's own, by way of a call", pass(scaled), 3);
for (const fn of [scaled, ...listed]) await same(`one's own ${fn.name || "(anonymous)"}`, fn, 3);
await either("another module's", lib.other, 3);
await either("one that another module made", lib.made(), 3);
await either("one of another module's object", lib.holder.scaled, 3);
await either("one of another module's list", lib.list[0], 3);
const { other } = lib;
await either("another module's, taken out", other, 3);
const both = { own: scaled, other };
await either("one of two", both.other, 3);
await report();
