/** One agent that this one has started, whatever it is: a thread, a child process. */
import { RemoteError } from "../errors.ts";
import type { Port } from "../platform/platform.ts";

/**
 * An agent as its creator sees it: started, watched, ended.
 *
 *   ALIVE     started, or about to
 *   RETIRED   ended because there was nothing left to do, or was told to and has not got there yet
 *   DEAD      ended in any other way
 *
 *   ALIVE → RETIRED, ALIVE → DEAD
 *
 * An agent that is to be ended by force, and cannot be, is abandoned: it counts as DEAD, nothing
 * waits for its end, and it ends once what it runs lets its event loop turn.
 */
export interface Agent {
  readonly name: string;
  /** What stacks call it: `thread "ThreadPoolExecutor-0_1"`. */
  readonly title: string;
  /** Carries messages to it and from it. */
  readonly port: Port;
  /** Whether it is not ALIVE any more. */
  readonly isDead: boolean;
  /** Whether it ended because there was nothing left to do. */
  readonly isRetired: boolean;
  /** The exit code of a dead agent that left one. */
  readonly exitCode: number | undefined;
  /** Why it died: the error that nothing caught, if there was one. */
  deathCause(): unknown;
  /** How it died, as the end of a sentence. */
  describeDeath(): string;
  /** Whether it was to be ended by force, and may run on for as long as it likes. */
  readonly isAbandoned: boolean;
  /** Resolves when it has really ended, however it did, and the messages that were expected have come; or when it is abandoned. */
  readonly ended: Promise<void>;
  /** Lets it keep its creator alive, as while the creator waits for its end. */
  ref(): void;
  /** It has been told to end, once and for all, and counts as RETIRED. */
  markRetired(): void;
  /** Ends it by force. */
  terminate(): Promise<void>;
  /** Ends it by force, giving it what chance to end by itself it may have. From now on it counts as DEAD. */
  stop(): void;
}

/** That something thrown, which nothing caught, ended an agent: the end of a sentence. */
export function describeUncaught(cause: unknown): string {
  if (cause instanceof Error) {
    const name = cause instanceof RemoteError ? cause.remoteName : cause.name;
    return `nothing caught its ${name}: ${cause.message}`;
  }
  const thrown = typeof cause === "string" ? JSON.stringify(cause) : `which is ${typeof cause}`;
  return `nothing caught what it threw, ${thrown}`;
}
