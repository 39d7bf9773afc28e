import { fs, os, paths } from "../builtins.ts";

/** Where a socket of that name may be, which only this machine reaches. */
export function localPath(name: string): string {
  // Linux has names outside of the file system, which leave nothing behind.
  if (process.platform === "linux") return `\0${name}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : paths().join(os().tmpdir(), name);
}

/** Where Node finds what cannot be guessed sooner than in `crypto`, which it takes 6 ms to load. */
const RANDOM = "/dev/urandom";

/** A name of 32 hexadecimal digits that cannot be guessed. */
export function secretName(): string {
  const bytes = new Uint8Array(16);
  if (!readRandom(bytes)) crypto.getRandomValues(bytes);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function readRandom(bytes: Uint8Array): boolean {
  const { platform, versions } = process;
  // Deno and Bun have loaded theirs, and Deno would ask for a permission.
  if (platform === "win32" || versions["deno"] !== undefined || versions["bun"] !== undefined)
    return false;
  try {
    const file = fs().openSync(RANDOM, "r");
    try {
      return fs().readSync(file, bytes) === bytes.length;
    } finally {
      fs().closeSync(file);
    }
  } catch {
    return false; // the file system is not this program's to read
  }
}
