/** A picture of all threads, for people who wonder why a program stands still. */
import { showAsText } from "../base/text.ts";
import { server } from "#platform";
import { program, type Program } from "../program/program.ts";
import { askForSites, formerHolder, holderOf, objectName } from "../waiting/deadlock.ts";
import { ownWhereabouts, type Whereabouts } from "../waiting/lock-sites.ts";
import { wordsOf } from "../waiting/verbs.ts";
import { userFrames } from "../wire/stack.ts";

/** Longest time that threads are given to say where they are, in milliseconds. */
const STACKS_MS = 2000;

/** What one thread is doing. Python: none */
export interface ThreadReport {
  /** The thread's name. */
  readonly name: string;
  /** The thread's ident. */
  readonly ident: number;
  /** Whether the program may end while it runs. */
  readonly daemon: boolean;
  /** `running` includes threads that wait by a promise, or in something that is not heddle's. */
  readonly state: "running" | "waiting" | "idle";
  /** Name of the function that it runs, if that has one. */
  readonly task: string | undefined;
  /** What it waits for; undefined if it does not. */
  readonly wait: WaitReport | undefined;
  /** What it holds: `Lock-1`. */
  readonly holds: readonly string[];
  /**
   * Where it took each of what it holds: a stack frame; undefined unless
   * {@link traceLocks} is on and the thread could be asked.
   */
  readonly takenAt: readonly (string | undefined)[];
  /** Stack frames, one a line, innermost first; undefined where the thread could not be asked. */
  readonly stack: string | undefined;
}

/** What a thread waits for. Python: none */
export interface WaitReport {
  /** `to acquire Lock-1` */
  readonly what: string;
  /** Name of the thread that holds it, where one does. */
  readonly holder: string | undefined;
  /** How long it has been waiting, in milliseconds. */
  readonly forMs: number;
}

/**
 * What all threads are doing; `toString()` says it in words.
 *
 * Python: none
 *
 * @example
 * ```ts
 * import { dumpSync } from "heddle/threading";
 *
 * const { threads } = dumpSync();
 * console.log(threads[0]?.name, threads[0]?.state); // MainThread running
 * ```
 */
export class Dump {
  static {
    showAsText(this.prototype);
  }

  /** A report for each thread. Python: none */
  readonly threads: readonly ThreadReport[];

  /** @param threads A report for each thread. */
  constructor(threads: readonly ThreadReport[]) {
    this.threads = threads;
  }

  /** A paragraph for each thread. Python: `faulthandler.dump_traceback` */
  toString(): string {
    return this.threads.map(described).join("\n");
  }
}

/**
 * Resolves with what every thread of the program is doing: its name, state and
 * task, what it waits for and since when, what it holds, and its stack.
 *
 * Threads that wait for something of heddle's say themselves where they do. The
 * stack of a busy one can be told on Node alone. A thread that cannot be asked
 * still has a line: its state is kept in shared memory.
 *
 * Python: `faulthandler.dump_traceback`
 * Differs: returns the dump rather than writing it.
 *
 * @example
 * ```ts
 * import { dump } from "heddle/threading";
 *
 * console.log((await dump()).threads[0].name); // MainThread
 * ```
 */
export async function dump(): Promise<Dump> {
  const own = program();
  const here = ownWhereabouts(own);
  const stacks = await server.threadStacks(STACKS_MS);
  return new Dump(reports(own, here, stacks));
}

/**
 * Returns the same as {@link dump}, at once and without the stacks of busy threads.
 *
 * Python: `faulthandler.dump_traceback`
 *
 * @example
 * ```ts
 * import { dumpSync, Lock } from "heddle/threading";
 *
 * const lock = new Lock();
 * lock.acquireSync();
 * console.log(dumpSync().threads[0]?.holds[0]); // Lock-1
 * ```
 */
export function dumpSync(): Dump {
  return new Dump(reports(program(), ownWhereabouts(program()), new Map()));
}

function reports(
  own: Program,
  here: Whereabouts,
  stacks: ReadonlyMap<number, string>,
): ThreadReport[] {
  const { agents } = own;
  const slots = [...agents.live()].filter((slot) => agents.identOf(slot) !== 0);
  const waiting = slots.filter(
    (slot) => slot !== own.slot && own.recordOf(slot).wait !== undefined,
  );
  const whereabouts = askForSites(own, waiting);
  whereabouts.set(own.slot, here);
  return slots.map((slot) => {
    const record = own.recordOf(slot);
    return report(own, slot, whereabouts.get(slot), stacks.get(record.threadId));
  });
}

function report(
  own: Program,
  slot: number,
  whereabouts: Whereabouts | undefined,
  stackSeen: string | undefined,
): ThreadReport {
  const record = own.recordOf(slot);
  const stack = whereabouts?.waits ?? stackSeen;
  const held = record.held();
  const holder = record.wait === undefined ? undefined : holderOf(own, record.wait.on);
  const { wait } = record;
  return {
    name: record.name,
    ident: own.agents.identOf(slot),
    daemon: record.isDaemon,
    state: wait === undefined ? (record.isIdle ? "idle" : "running") : "waiting",
    task: record.functionName === "" ? undefined : record.functionName,
    wait:
      wait === undefined
        ? undefined
        : {
            what: `${wordsOf(wait.verb)} ${objectName(own, wait.on)}${leftBy(own, wait.on)}`,
            holder: holder === undefined ? undefined : own.recordOf(holder).name,
            forMs: Math.max(0, Date.now() - wait.sinceMs),
          },
    holds: held.map((address) => objectName(own, address)),
    takenAt: held.map((address) => whereabouts?.taken.get(address)),
    stack: stack === undefined ? undefined : stripped(stack),
  };
}

/** What is said of a lock that a thread has left locked. */
function leftBy(own: Program, address: number): string {
  const former = formerHolder(own, address);
  return former === undefined ? "" : `, which ${former} held when it ended`;
}

/** Without heddle's own frames, unless there are no others. */
function stripped(stack: string): string {
  const frames = userFrames(stack);
  return frames === "" ? stack : frames;
}

function described(thread: ThreadReport): string {
  const { name, ident, daemon, state, task, wait, holds, takenAt, stack } = thread;
  const doing = task === undefined ? "" : ` in ${task}`;
  const holder = wait?.holder === undefined ? "" : `, which thread "${wait.holder}" holds,`;
  const waits =
    wait === undefined ? "" : `, ${wait.what}${holder} for ${(wait.forMs / 1000).toFixed(3)} s`;
  const locks = holds.map((lock, i) => {
    return takenAt[i] === undefined ? lock : `${lock} (taken ${takenAt[i]})`;
  });
  const held = locks.length === 0 ? "" : `; holds ${locks.join(", ")}`;
  const frames =
    stack === undefined || stack === "" ? "" : `\n${stack.replaceAll(/^\s*/gm, "    ")}`;
  return `Thread "${name}" (${ident}${daemon ? ", daemon" : ""}) ${state}${doing}${waits}${held}${frames}`;
}
