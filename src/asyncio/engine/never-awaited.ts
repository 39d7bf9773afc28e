/**
 * Operations that were made and never waited for: `sleep(5)` without `yield*` or `await`.
 *
 * Such a thing does nothing, and nobody notices. In debug mode, each that is made gets
 * methods of its own, which tell that it has been begun. One that is collected before
 * that, or is there when the program ends, is reported. At other times this costs a look
 * at {@link debugLoops}.
 */
import { define } from "../../base/define.ts";
import { Unread } from "../../observe/unread.ts";
import { loopOfCaller } from "./caller.ts";
import { stackHere } from "../../wire/stack.ts";
import { warn } from "./debug.ts";
import { entryOf, framesOf } from "./stack-frames.ts";

/** What is known of one. Holds not the operation, which could then never be collected. */
interface Unbegun {
  readonly name: string;
  readonly stack: string;
}

type Method = (this: object, ...args: unknown[]) => unknown;

const BEGINNINGS = ["next", "throw", "return"] as const;

const unbegun = /* @__PURE__ */ new Unread<Unbegun>(report);

/** Watches whether an iterator is ever begun, if the calling code runs in debug mode. */
export function watchBeginning(iterator: object, name = ""): void {
  if (loopOfCaller()?.isDebug !== true) return;
  const note: Unbegun = { name, stack: stackHere() };
  unbegun.add(iterator, note);
  for (const method of BEGINNINGS) {
    const inherited = (iterator as Record<string, Method>)[method] as Method;
    const begin: Method = function (...args) {
      unbegun.markRead(note);
      return inherited.apply(this, args);
    };
    define(iterator, method, begin);
  }
}

function report(note: Unbegun): void {
  const name = note.name === "" ? entryOf(note.stack) : note.name;
  const what = name === undefined ? "An operation" : `Coroutine ${JSON.stringify(name)}`;
  warn(`${what} was never awaited: it has not run`, ["made at", framesOf(note.stack)]);
}
