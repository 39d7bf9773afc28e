/**
 * Starts processes. Each is a pool of one worker, which runs one call: the pool handles
 * shipping, arguments, results and deaths.
 *
 *   RUNNING   its target has not ended
 *   ENDING    the target's outcome has come; the process ends by itself
 *   ENDED     the system has reported its end
 *
 *   RUNNING → ENDING → ENDED, RUNNING → ENDED
 */
import type { ProcessAgent } from "../agents/process-agent.ts";
import { Call } from "../calls/call.ts";
import type { Outcome } from "../calls/outcome.ts";
import { CannotBlockError, RuntimeError, UnsupportedError } from "../errors.ts";
import { NEVER } from "../memory/deadline.ts";
import { platform, server } from "#platform";
import { ProcessDiedError } from "../process-errors.ts";
import type { IpcSettings } from "../platform/process/ipc.ts";
import { childProcesses } from "../pool/process-kind.ts";
import { WorkerPool } from "../pool/worker-pool.ts";
import { blockForCalls, mustBeAbleToBlock } from "../waiting/blocking-wait.ts";
import { helpedChildren } from "./channels/children.ts";
import { asTarget, type Giving } from "../base/advice.ts";
import { checkNotEvaluating, isSuppressed } from "../shipping/main-module.ts";
import type { Flight } from "../waiting/source.ts";
import { withUserFrames } from "../wire/stack.ts";
import type { TargetStart } from "../calls/run-target.ts";

/** A process to start. */
export interface ProcessPlan {
  /** The target; or the class of the process, whose `run` is to be called. */
  readonly fn: Function;
  readonly args: readonly unknown[];
  readonly start: TargetStart;
  readonly settings: IpcSettings;
  /** Called once the process has ended. */
  readonly onEnd: (end: ProcessEnd) => void;
}

/** How a process ended. */
export interface ProcessEnd {
  /** What came of the target; undefined where the process ended before it had. */
  readonly outcome: Outcome | undefined;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** That signal's number. */
  readonly signalNumber: number | undefined;
  /** Where there is no outcome: how it ended, as the end of a sentence. */
  readonly how: string;
  /** The error that ended it, which nothing caught; why it could not be started. */
  readonly cause: unknown;
}

const PROCESS: Flight = { keepsAlive: true, runsCode: true, mayEnd: false };
const DAEMON: Flight = { keepsAlive: false, runsCode: true, mayEnd: false };

class ProcessCall extends Call {
  readonly #settle: (outcome: Outcome) => void;

  override get giving(): Giving {
    return asTarget("Process");
  }

  constructor(daemon: boolean, settle: (outcome: Outcome) => void) {
    super();
    this.flight = daemon ? DAEMON : PROCESS;
    this.#settle = settle;
  }

  succeed(value: unknown): void {
    this.#settle({ kind: "returned", value });
  }

  fail(error: unknown): void {
    this.#settle({ kind: "threw", error });
  }

  abort(): void {}
}

/** One process that has been started. */
export class RunningProcess {
  readonly #agent: ProcessAgent;
  /** Reports its end; there once its call is settled, until it is called. */
  #report: (() => void) | undefined;

  constructor(agent: ProcessAgent) {
    this.#agent = agent;
  }

  /** Undefined until the system is known to have started it. */
  get knownPid(): number | undefined {
    return this.#agent.pid;
  }

  /** Blocks until that is known; undefined where it could not be started. */
  get pid(): number | undefined {
    const isKnown = (): boolean => this.#agent.pid !== undefined || this.#agent.hasEnded;
    if (!isKnown()) {
      mustBeAbleToBlock();
      blockForCalls(isKnown, NEVER);
    }
    return this.#agent.pid;
  }

  kill(signal: string): void {
    this.#agent.kill(signal);
  }

  /** Its call is over. */
  settle(report: () => void): void {
    this.#report = report;
  }

  /** Reports its end, once. */
  end(): void {
    const report = this.#report;
    this.#report = undefined;
    report?.();
  }

  /** Blocks until its end has been reported; false when the deadline came first. */
  blockUntilEnd(deadlineMs: number): boolean {
    mustBeAbleToBlock();
    const hasEnded = (): boolean => this.#agent.hasEnded;
    if (!blockForCalls(hasEnded, deadlineMs)) return false;
    if (this.#report === undefined) {
      throw new CannotBlockError(
        "Cannot block for the process: it takes waiting to load a class or function that is in its outcome. Use await process.join()",
      );
    }
    this.end();
    return true;
  }

  /** Writes to what it reads, which is a pipe; undefined ends that. Resolves with why it could not. */
  write(chunk: Uint8Array | undefined): Promise<string | undefined> {
    return this.#agent.write(chunk);
  }

  /** What it prints to a pipe. */
  output(stream: "stdout" | "stderr"): Promise<AsyncIterable<Uint8Array> | undefined> {
    return this.#agent.output(stream);
  }
}

/**
 * Starts a process.
 *
 * @throws {RuntimeError} The program is ending.
 * @throws {NotShippableError} Another process could not run the function.
 * @throws {SendError} An argument cannot be sent.
 * @throws {UnsupportedError} The runtime has no processes.
 */
export function startProcess(plan: ProcessPlan): RunningProcess {
  checkNotEvaluating(
    "start a process",
    undefined,
    "Start it in a function, which only the program calls",
  );
  if (isSuppressed()) {
    throw new RuntimeError(
      "Cannot start a process: this process has loaded the program's main module for a function " +
        "that is marked there, and would start what the program has started. Move the function into " +
        "a module of its own, or start the process where isMain(import.meta) is true",
    );
  }
  if (!server.capabilities.processes) {
    throw new UnsupportedError("Cannot start a process: there are none in a browser", {
      capability: "processes",
      runtime: platform.name,
    });
  }
  if (server.isExiting()) throw new RuntimeError("Cannot start a process: the program is ending");
  const { name, daemon } = plan.settings.identity;
  const pool = new WorkerPool<ProcessAgent>({
    kind: childProcesses(() => plan.settings, undefined, helpedChildren),
    maxWorkers: 1,
    namePrefix: name,
    initializer: undefined,
    idleMs: Infinity,
    onDeath: "break",
    title: () => `process "${name}"`,
  });
  const agent = pool.onlyWorker();
  const running = new RunningProcess(agent);
  const call = new ProcessCall(daemon, (settled) => {
    // A call of a process that has died fails with the pool's error.
    const outcome = agent.isDead ? undefined : settled;
    running.settle(() => plan.onEnd(describeEnd(agent, outcome)));
    void awaitEnd(pool, agent, daemon).then(() => running.end());
  });
  try {
    pool.submit(call, plan.fn, [plan.start, ...plan.args], "process");
  } catch (error) {
    pool.close();
    throw withUserFrames(error);
  }
  return running;
}

async function awaitEnd(
  pool: WorkerPool<ProcessAgent>,
  agent: ProcessAgent,
  daemon: boolean,
): Promise<void> {
  pool.close();
  await (daemon ? agent.ended : pool.whenEnded());
}

function describeEnd(agent: ProcessAgent, outcome: Outcome | undefined): ProcessEnd {
  return {
    outcome,
    exitCode: agent.exitCode,
    signal: agent.signal,
    signalNumber: agent.signalNumber,
    how: agent.describeDeath(),
    cause: agent.deathCause(),
  };
}

/** The error for a process that ended without an outcome of its target. */
export function diedError(
  attempt: string,
  name: string,
  pid: number | undefined,
  { how, cause, exitCode, signal }: ProcessEnd,
): ProcessDiedError {
  return new ProcessDiedError(`${attempt}: ${how}`, {
    ...(cause === undefined ? {} : { cause }),
    process: name,
    pid,
    exitCode,
    signal,
  });
}
