/**
 * Runs before a test file under `deno test`.
 *
 * Deno reports success when a test file throws after it has declared a test, as a
 * wrong import at the end of a file would. Until the file is loaded, a rejection
 * that nobody handles therefore ends the process.
 */

/** @param {PromiseRejectionEvent} event */
const fail = (event) => {
  console.error(event.reason);
  process.exit(1);
};

addEventListener("unhandledrejection", fail);
addEventListener("load", () => removeEventListener("unhandledrejection", fail));
