/**
 * The work: what the workers of the pool run, once for each file.
 *
 * This is an ordinary function in an ordinary module. It knows nothing of pools, and
 * `compare.ts` calls it directly.
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isMainThread, threadId } from "node:worker_threads";
import { brotliCompressSync, constants } from "node:zlib";

import { count } from "./count.ts";
import type { Counts } from "./count.ts";

/** Where and when a file was analysed, by {@link now}. */
interface Task {
  readonly path: string;
  readonly bytes: number;
  /** The number of the thread or, in a process of its own, of that process. */
  readonly worker: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Analysed extends Task, Counts {
  readonly ok: true;
  readonly sha256: string;
  readonly compressedBytes: number;
}

export interface Failed extends Task {
  readonly ok: false;
  readonly error: Failure;
}

/** Why a file could not be analysed. Lines and columns count from 1. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly position: { readonly line: number; readonly column: number } | undefined;
}

export type Outcome = Analysed | Failed;

/**
 * Reads one file, parses, hashes and compresses it.
 *
 * Does not throw: that some file in thousands is broken is to be expected, so it is a
 * result like any other, and the rest of the census goes on.
 */
export function analyse(path: string): Outcome {
  const startMs = now();
  let bytes = 0;
  const task = () => ({
    path,
    bytes,
    worker: isMainThread ? process.pid : threadId,
    startMs,
    endMs: now(),
  });
  try {
    const content = readFileSync(path);
    bytes = content.length;
    const counts = count(content.toString(), path);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const compressedBytes = compressedSize(content);
    return { ok: true, ...task(), ...counts, sha256, compressedBytes };
  } catch (error) {
    return { ok: false, ...task(), error: describe(error) };
  }
}

/** A clock that all threads and processes share, in milliseconds. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

function compressedSize(content: Uint8Array): number {
  return brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length;
}

function describe(error: unknown): Failure {
  const { name, message, loc } = error as Error & { loc?: { line: number; column: number } };
  // The parser puts the position into its message too, as in "Unexpected token (3:14)".
  const text = message.replace(/ \(\d+:\d+\)$/, "");
  return { name, message: text, position: loc && { line: loc.line, column: loc.column + 1 } };
}
