/** Rejections that are not handled, and are not to end the agent. */

const UNHANDLED = "unhandledRejection";

type IsIgnored = (reason: unknown) => boolean;

let isIgnored: IsIgnored = () => false;
let isListening = false;

/** Whether an unhandled rejection with this reason is of no interest. */
export function isIgnoredRejection(reason: unknown): boolean {
  return isIgnored(reason);
}

/**
 * Listens to unhandled rejections. A listener takes the place of what the runtime does with
 * them: so those that are not to be ignored are rejected once more, without it.
 */
export function ignoreRejections(given: IsIgnored): void {
  isIgnored = given;
  if (isListening || isModeChosen()) return;
  isListening = true;
  process.on(UNHANDLED, onUnhandled);
}

function onUnhandled(reason: unknown): void {
  if (isIgnored(reason) || process.listenerCount(UNHANDLED) > 1) return;
  isListening = false;
  process.off(UNHANDLED, onUnhandled);
  void Promise.reject(reason);
}

/** Whether the program was started with another mode, such as one in which rejections only warn. */
function isModeChosen(): boolean {
  const options = [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""];
  return options.some((option) => option.includes("--unhandled-rejections"));
}
