/** Numbers of threads. */
import { program } from "../program/program.ts";

/**
 * Returns a number unlike that of any other living thread. Never 0.
 *
 * Python: `threading.get_ident`
 */
export function getIdent(): number {
  return program().ident;
}

/** The same as {@link getIdent}: runtimes do not tell the operating system's. Python: `threading.get_native_id` */
export function getNativeId(): number {
  return program().ident;
}
