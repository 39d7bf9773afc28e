/**
 * What loops of different threads can give each other. A loop takes requests and replies where it
 * cannot wait, so a function that takes waiting to load is refused before it is sent.
 */
import { CALLERS_CODE } from "../../shipping/code-lookup.ts";
import { SendError } from "../../errors.ts";
import { type CodeLookup, reports, SHARED_BYTES } from "../../wire/channel.ts";
import { isPlain } from "../../wire/plain.ts";
import { decodeThrown, encodeThrown } from "../../wire/remote-error.ts";
import { findCulprit } from "../../wire/send-error.ts";

/** Errors behind an error that are looked into. */
const MOST_CAUSES = 20;

const ADVICE = "which another thread's loop cannot load while it runs";

const AT_ONCE: CodeLookup = {
  ...CALLERS_CODE,
  describeFunction(fn) {
    const described = CALLERS_CODE.describeFunction(fn);
    if (typeof described === "string" || described.reference.kind === "source") return described;
    const name = fn.name === "" ? "(anonymous)" : `"${fn.name}"`;
    return `the function ${name}, ${ADVICE}. Have the loop call a function that uses it`;
  },
  describe(instance) {
    const described = CALLERS_CODE.describe(instance);
    if (typeof described === "string" || described.reference.kind !== "slice") return described;
    return `an instance of ${described.name}, ${ADVICE}. Export its class from a module of its own`;
  },
};

/**
 * Checks what goes to another thread's loop, or comes from one.
 *
 * @param root What an error calls it.
 * @throws {SendError} There is something in it that takes waiting to load.
 */
export function checkForLoop(value: unknown, root: string): void {
  if (isPlain(value)) return;
  const culprit = findCulprit(value, root, SHARED_BYTES, AT_ONCE);
  if (culprit === undefined) return;
  const { path, found } = culprit;
  throw new SendError(`Cannot send ${root} to another thread: ${path} is ${found}`, { path });
}

/** What a call threw, with text in the place of what takes waiting to load, or cannot be sent. */
export function errorForLoop(error: unknown): unknown {
  if (!isTroubled(error)) return error;
  const channel = reports(AT_ONCE);
  return decodeThrown(encodeThrown(error, channel), channel);
}

/** Whether there is such a thing in the fields of an error, or of those behind it. */
function isTroubled(error: unknown, depth: number = 0): boolean {
  if (!(error instanceof Error) || depth > MOST_CAUSES) return false;
  if (
    findCulprit(Object.fromEntries(Object.entries(error)), "", SHARED_BYTES, AT_ONCE) !== undefined
  )
    return true;
  const { errors } = error as { readonly errors?: unknown };
  const others: readonly unknown[] = Array.isArray(errors) ? errors : [];
  return [error.cause, ...others].some((each) => isTroubled(each, depth + 1));
}
