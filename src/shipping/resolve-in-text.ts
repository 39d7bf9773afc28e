/**
 * Names a function in the text that workers of a bundled program start with: see resolve.ts.
 *
 * A bundle has no parsers in its workers, and no modules whose exports could be compared. What
 * a worker has got from another thread, and what is marked or built in, has its name all the same.
 */
import { NotShippableError } from "../errors.ts";
import { taskReference } from "./marker.ts";
import { nativeReference } from "./natives.ts";
import { references } from "./references.ts";
import type * as search from "./resolve.ts";

/** @throws {NotShippableError} The function is none of these. */
export const resolveFunction: typeof search.resolveFunction = (fn, _callers, fields) => {
  const { byFunction, withoutFields } = references();
  const known = (fields === "apart" ? withoutFields : byFunction).get(fn);
  const reference = taskReference(fn as () => unknown) ?? known ?? nativeReference(fn);
  if (reference !== undefined) return reference;
  const name = fn.name === "" ? "(anonymous)" : `"${fn.name}"`;
  throw new NotShippableError(
    `Cannot ship the function ${name}: a worker of a bundled program cannot read the program. ` +
      "Mark the function: task(import.meta.url, fn)",
    { functionName: fn.name },
  );
};
