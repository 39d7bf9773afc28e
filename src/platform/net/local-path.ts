import { os, paths } from "../builtins.ts";

/** Where a socket of that name may be, which only this machine reaches. */
export function localPath(name: string): string {
  // Linux has names outside of the file system, which leave nothing behind.
  if (process.platform === "linux") return `\0${name}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : paths().join(os().tmpdir(), name);
}
