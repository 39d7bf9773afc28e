/** Where tasks and callbacks were made. Noted in debug mode only: reading a stack takes long. */
import { stackHere } from "./probe.ts";
import { framesOf, type StackFrame } from "./stack-frames.ts";

let sites: WeakMap<object, string> | undefined;

/** Notes that the calling code makes the object. */
export function noteCreation(object: object): void {
  sites ??= new WeakMap();
  sites.set(object, stackHere());
}

/** The stack of the code that made the object, the innermost function first, if it was noted. */
export function creationOf(object: object | undefined): readonly StackFrame[] | undefined {
  const stack = object === undefined ? undefined : sites?.get(object);
  return stack === undefined ? undefined : framesOf(stack);
}
