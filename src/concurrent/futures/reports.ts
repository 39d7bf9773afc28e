/** What futures and maps print on standard error: errors that no code of the user's can catch. */
import { platform } from "#platform";
import { errorText } from "../../base/text.ts";
import type { Failure } from "../../calls/outcome.ts";
import { program } from "../../program/program.ts";
import { Unread } from "../../observe/unread.ts";

/** Failures that are printed in full; of more, only the number is. */
const MOST_REPORTED = 10;

let reported = 0;

/** Failures of futures that were dropped, or are still unread when the program ends. */
export const unreadFailures: Unread<Failure> = /* @__PURE__ */ new Unread(
  ({ error }) => {
    // The program's exit code is 1 then, as for a thread's exception that was not collected.
    program().agents.countUncollected(1);
    if (reported++ < MOST_REPORTED) reportError("Future exception was never retrieved", error);
  },
  () => {
    if (reported <= MOST_REPORTED) return;
    platform.errorStream.write(
      `${reported - MOST_REPORTED} more future exceptions were never retrieved\n`,
    );
  },
);

/** Prints what a callback threw, or a call that was not asked about. */
export function reportError(what: string, error: unknown): void {
  platform.errorStream.write(`${what}\n${errorText(error)}\n`);
}
