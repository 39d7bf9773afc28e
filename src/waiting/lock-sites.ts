/**
 * Where this agent took the locks that it holds, for reports on deadlocks.
 *
 * Recorded only while the program has asked for it (`threading.traceLocks`): to note a
 * stack costs twenty times as much as to take a free lock. What is noted is an
 * Error; its stack becomes text when it is read.
 */
import { withStackLimit } from "../base/text.ts";
import type { Program } from "../program/program.ts";
import { callerFrames, framesOf } from "../wire/stack.ts";

/** Frames that are noted: heddle's own, and the user's innermost. */
const DEPTH = 16;

interface Site {
  readonly error: Error;
  /** The period of tracing in which it was noted. */
  readonly period: number;
}

/** By the address of the lock. What is held no more may be among them. */
const sites = /* @__PURE__ */ new Map<number, Site>();

/** The call that is being made now, to be noted if it gets the lock; undefined while locks are not traced. */
export function siteOfCall({ agents }: Program): Error | undefined {
  if (!agents.tracesLocks) return undefined;
  return withStackLimit(DEPTH, () => new Error("taken here"));
}

/** The calling agent holds that lock from now on. */
export function noteSite({ agents }: Program, address: number, site: Error | undefined): void {
  if (site !== undefined) sites.set(address, { error: site, period: agents.lockTrace });
}

/** What an agent answers when it is asked where it is. */
export interface Whereabouts {
  /** Where it waits: stack frames, one a line. */
  readonly waits: string;
  /** Where it took what it holds: one frame by the lock's address. */
  readonly taken: ReadonlyMap<number, string>;
}

/** Where the calling agent is. */
export function ownWhereabouts({ agents, record }: Program): Whereabouts {
  const taken = new Map<number, string>();
  for (const address of record.held()) {
    const site = sites.get(address);
    if (site?.period !== agents.lockTrace) continue;
    const [frame] = framesOf(site.error.stack ?? "");
    if (frame !== undefined) taken.set(address, frame);
  }
  return { waits: callerFrames(), taken };
}

/** As text: a line `address frame` for each lock, an empty line, and the frames of the wait. */
export function writeWhereabouts({ waits, taken }: Whereabouts): string {
  const lines = Array.from(taken, ([address, frame]) => `${address} ${frame}`);
  return [...lines, "", waits].join("\n");
}

/** The reverse of {@link writeWhereabouts}. The end of the text may be missing. */
export function readWhereabouts(text: string): Whereabouts {
  const [head = "", ...rest] = text.split(/^\n/m);
  const taken = new Map<number, string>();
  for (const line of head.split("\n")) {
    const space = line.indexOf(" ");
    if (space > 0) taken.set(Number(line.slice(0, space)), line.slice(space + 1));
  }
  return { waits: rest.join("\n"), taken };
}
