/** Runtimes that share what would take long on each: by day each does a part, at night all of it. */
import { createHash } from "node:crypto";
import process from "node:process";

/** At night each does everything, and where runtimes are named. */
const DOES_ALL = process.env["HEDDLE_WHOLE"] === "1";

const runtime =
  ["deno", "bun"].find((name) => name in process.versions) ??
  `node${process.versions.node.split(".", 1)[0]}`;

/** This runtime's number among those that share, and how many they are. One that shares nothing is alone. */
export function shareOf(sharing: readonly string[]): {
  readonly index: number;
  readonly count: number;
} {
  const index = DOES_ALL ? -1 : sharing.indexOf(runtime);
  return index === -1 ? { index: 0, count: 1 } : { index, count: sharing.length };
}

/** Whether this runtime does what has that name: the hash says, so that nothing else changes it. */
export function isOwnShare(name: string, sharing: readonly string[]): boolean {
  const { index, count } = shareOf(sharing);
  return createHash("sha256").update(name).digest().readUInt32LE() % count === index;
}

/** They share kinds of executors that differ little from one that both try: Bun first, which starts quickest. */
const SHARING_KINDS = ["bun", "deno"];

/** Whether this runtime tries a kind of executor. The two that people use most are tried by all. */
export function triesKind(name: string): boolean {
  return /^(?:Thread|Process)PoolExecutor$/.test(name) || isOwnShare(name, SHARING_KINDS);
}
