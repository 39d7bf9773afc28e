/* oxlint-disable -- code as it may be written, not as it should be */
/** Exports that use nothing of their modules are themselves in a worker, whoever hands them out. */
import { report, same } from "./compare.mjs";
import { ask, handOut } from "./identity-hands-out.mjs";

const own = [(n) => n * 2, (n) => n * 3, (n) => n * 4];
await same("one's own of the same texts", (fn) => fn(1), own[0]);
for (const [at, fn] of own.entries()) await same(`one's own ${at}`, (each) => each(1), fn);
for (const [at, fn] of handOut().entries()) await same(`an export ${at}`, ask, fn);
for (const [at, fn] of handOut().entries()) await same(`the export ${at} again`, ask, fn);
await same("an export in an object", ({ fn }) => fn(1), { fn: handOut()[1] });
await report();
