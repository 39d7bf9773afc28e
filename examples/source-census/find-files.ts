/** Finds the source files of a folder. */

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { UsageError } from "./usage-error.ts";

const SOURCE = /\.(?:js|mjs|cjs|ts)$/;

/**
 * Lists every source file below a folder, in order. Symbolic links are not followed.
 *
 * @throws {UsageError} There is no such folder, or no source file in it.
 */
export function findFiles(folder: string): string[] {
  const paths = entriesBelow(folder)
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

  if (paths.length === 0)
    throw new UsageError(`Cannot find a .js, .mjs, .cjs or .ts file below "${folder}"`);
  return paths;
}

function entriesBelow(folder: string) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    throw new UsageError(`Cannot search "${folder}": ${reason(error)}`, { cause: error });
  }
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such folder";
  if (code === "ENOTDIR") return "it is not a folder";
  return message;
}
