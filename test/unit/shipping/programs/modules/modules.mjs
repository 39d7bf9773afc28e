/* oxlint-disable -- code as it may be written, not as it should be */
/** Functions of other modules, with exported and unexported state, and modules that import each other. */
import * as lib from "./modules-lib.mjs";
import defaulted, {
  aliased as renamed,
  counter,
  handlers,
  increment,
  makeUsesHidden,
  makeUsesLiteral,
  makeUsesVisible,
  patchMe,
  visible,
  Patched,
  Visible,
} from "./modules-lib.mjs";
import * as setUp from "./modules-setup.mjs";
import { again } from "./modules-again.mjs";
import { fromMain, ping } from "./modules-circle.mjs";
import data from "./modules-data.json" with { type: "json" };
import { either, refused, report, same } from "../compare.mjs";

export const FROM_MAIN = 21;
const { visible: taken, ...others } = lib;
const local = visible.a;

await same("an exported function", renamed, 2);
await same("a default export", defaulted, 2);
await same("a namespace", () => lib.aliased(3));
await same("a name of a namespace", () => lib["aliased"](4));
await same("a name taken out of a namespace", () => taken.a);
await same("a rest of a namespace", () => Object.keys(others).length);
await same("a re-export", again, 5);
await same("JSON", () => data.n);
await same("an exported object", () => visible.a);
await same("a constant of an exported object", () => local);
await same("an exported class", () => new Visible(2).twice());
await same("a live binding", () => counter);
await either("a live binding that changes", async () => {
  increment();
  return counter;
});
await either("a method of an exported object", handlers.double, 2);
await either("a function that uses an unexported let", makeUsesHidden());
await same("a function that uses an exported object", makeUsesVisible());
await same("a function that uses an unexported literal", makeUsesLiteral());
await either("a function of a module that imports the main module", fromMain);
await either("a function of a circle of modules", ping, 3);
await either("one that uses it", () => ping(2));
await same("import() of a module", async () => (await import("./modules-lib.mjs")).aliased(6));
const specifier = "./modules-lib.mjs";
await same("import() of a name", async () => (await import(specifier)).aliased(7));
await same("import.meta.url", () => import.meta.url);
await either("import.meta.filename", () => import.meta.filename);
await same("import.meta.dirname", () => import.meta.dirname);
await either("import.meta.main", () => import.meta.main);
await same("import.meta.resolve", () => import.meta.resolve?.("./modules-lib.mjs"));
await same("new URL", () => new URL("./modules-lib.mjs", import.meta.url).href);

patchMe.method = () => "patched";
await either("an export that this module patches", () => patchMe.method());
Patched.prototype.method = () => "patched too";
await either("a class that this module patches", () => new Patched().method());
setUp.register("here");
await either("a module that a statement sets up", () => setUp.registered());
await report();
