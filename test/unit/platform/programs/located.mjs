/** Says where functions stand, one of them by a heddle that is evaluated in a context of its own, as under test runners. */
import { readFileSync } from "node:fs";
import { createContext, runInContext, SourceTextModule, SyntheticModule } from "node:vm";

import { functionLocation } from "../../../../build/src/platform/function-location.js";

const context = createContext({ process });
const built = new URL("../../../../build/src/platform/", import.meta.url);
const moduleOf = (name) =>
  new SourceTextModule(readFileSync(new URL(name, built), "utf8"), { context });
const text = new SyntheticModule(["asText"], () => undefined, { context });
const builtins = moduleOf("builtins.js");
await builtins.link(() => text);
const inContext = moduleOf("function-location.js");
await inContext.link(() => builtins);
await inContext.evaluate();

const place = ({ line, column, script }) => `${script().url}:${line}:${column}`;
const fn = runInContext("\n  (n) => n", context, { filename: "in-context.js" });
console.log(
  JSON.stringify([place(functionLocation(fn)), place(inContext.namespace.functionLocation(fn))]),
);
