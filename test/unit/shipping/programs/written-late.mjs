/* oxlint-disable -- code as it may be written, not as it should be */
/** Modules that are written after the program has started, and then imported. */
import { rmSync, writeFileSync } from "node:fs";
import { either, report, same } from "./compare.mjs";

// Engines that tell the text that they have loaded.
const tells = process.versions.deno || process.versions.bun ? either : same;
const url = new URL(`./written-late-${process.pid}.mjs`, import.meta.url);
const text = (factor) => `
const FACTOR = Number("${factor}");
export const submitted = (compare, name) => compare(name, (n) => n * FACTOR, 2);
export const again = (compare, name) => compare(name, (n) => n * FACTOR + 1, 2);
`;
writeFileSync(url, text(3));
try {
  const written = await import(url.href);
  await written.submitted(tells, "a function of a module that was written late");
  writeFileSync(url, text(4));
  await written.again(either, "another, of which the module has been written again");
} finally {
  rmSync(url);
}
await report();
