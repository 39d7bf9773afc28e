/** Numbers of threads. */
import { program } from "../program/program.ts";

/**
 * Returns a number unlike that of any other living thread. Never 0.
 *
 * Python: `threading.get_ident`
 *
 * @example
 * ```ts
 * import { currentThread, getIdent } from "heddle/threading";
 *
 * console.log(getIdent() === currentThread().ident); // true
 * ```
 */
export function getIdent(): number {
  return program().ident;
}

/**
 * Returns the same as {@link getIdent}: runtimes do not tell the operating system's number.
 *
 * Python: `threading.get_native_id`
 * Differs: the number is heddle's, not the operating system's.
 *
 * @example
 * ```ts
 * import { getIdent, getNativeId } from "heddle/threading";
 *
 * console.log(getNativeId() === getIdent()); // true
 * ```
 */
export function getNativeId(): number {
  return program().ident;
}
