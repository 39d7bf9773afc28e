/**
 * Runs a scenario under every schedule, within bounds.
 *
 * Each agent is a worker that runs the subject's shipped files over a replaced
 * `Atomics` (turn-atomics.ts); one at a time has the turn (turns.ts) and makes the
 * scheduler's decisions (scheduler.ts) over shared state (state.ts).
 *
 * What is not promised: schedules beyond the bounds; memory orders weaker than
 * sequential consistency, which `Atomics` gives and plain accesses do not; that a
 * notify wakes any but the longest asleep, or a wait returns without a reason.
 */
import { Worker } from "node:worker_threads";

import type { AgentInit, AgentMessage } from "./agent-main.ts";
import type { Edit } from "./edits.ts";
import { atomics } from "./real-atomics.ts";
import type { Scenario } from "./scenario.ts";
import { formatRun, formatSchedule, parseSchedule } from "./schedule.ts";
import { agentOf, Scheduler } from "./scheduler.ts";
import { ExplorerState, MOST_AGENTS, MOST_STEPS, RUN, TURN_STRIDE } from "./state.ts";
import type { FailureKind } from "./turns.ts";

export interface ExploreOptions {
  /** Most switches away from an agent that could go on, in one run. Default: 2. */
  readonly preemptions?: number;
  /** Most agents that die in one run. Default: 0. */
  readonly deaths?: number;
  /** Most timed waits that expire in one run. Default: 0: a timeout hides no lost wake-up. */
  readonly expiries?: number;
  /** A run of more steps is a failure. Default: 1000. */
  readonly maxSteps?: number;
  /** Stops after so many schedules. Default: none. */
  readonly maxSchedules?: number;
  /** Runs this one schedule, as a failure reported it, and no bounds. */
  readonly replay?: string;
  /** Bugs to plant into the subject. */
  readonly edits?: readonly Edit[];
  /** A single run may take so long in milliseconds; longer is a loop without operations. */
  readonly timeout?: number;
}

export interface Failure {
  readonly kind: FailureKind | "stuck";
  readonly agent: number;
  readonly message: string;
  readonly stack: string;
  /** For {@link ExploreOptions.replay}. */
  readonly schedule: string;
  /** The run, one line a step. */
  readonly steps: string;
}

export interface Report {
  readonly schedules: number;
  readonly steps: number;
  readonly seconds: number;
  /** Whether every schedule within the bounds was explored. */
  readonly isComplete: boolean;
  readonly failure: Failure | undefined;
}

/**
 * Explores one scenario; resolves with the first failure or, without one, with the counts.
 *
 * @param module URL of the module that exports the scenario. Every agent imports it.
 * @param name The scenario's name in that module.
 */
export async function explore(
  module: string | URL,
  name: string,
  options: ExploreOptions = {},
): Promise<Report> {
  const scenario = ((await import(String(module))) as Record<string, Scenario>)[name];
  if (scenario === undefined)
    throw new RangeError(`Cannot explore "${name}": "${String(module)}" does not export it`);
  const count = scenario.agents.length;
  if (count > MOST_AGENTS)
    throw new RangeError(`Cannot explore "${name}": it has more than ${MOST_AGENTS} agents`);

  const state = new ExplorerState();
  const shared = mapValues(
    scenario.memory,
    (words) => new Int32Array(new SharedArrayBuffer(words * 4)),
  );
  scenario.setup?.(shared);
  const mortal = scenario.agents.map((_, agent) => scenario.mortal?.includes(agent) ?? true);
  const init: Omit<AgentInit, "agent"> = {
    module: String(module),
    name,
    state: state.buffer,
    shared,
    initial: mapValues(shared, (words) => new Int32Array(words)),
    bounds: {
      preemptions: options.preemptions ?? 2,
      deaths: options.deaths ?? 0,
      expiries: options.expiries ?? 0,
    },
    mortal,
    replay: options.replay === undefined ? undefined : parseSchedule(options.replay),
    maxSteps: Math.min(options.maxSteps ?? 1000, MOST_STEPS),
    maxSchedules: options.maxSchedules ?? Infinity,
    edits: options.edits ?? [],
  };
  const workers = scenario.agents.map(
    (_, agent) =>
      new Worker(new URL("./agent-main.ts", import.meta.url), { workerData: { ...init, agent } }),
  );
  try {
    await Promise.all(workers.map((worker) => nextMessage(worker)));
    return await run(workers, state, init, Object.keys(shared), options.timeout ?? 20_000);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

async function run(
  workers: readonly Worker[],
  state: ExplorerState,
  init: Omit<AgentInit, "agent">,
  memories: readonly string[],
  timeoutMs: number,
): Promise<Report> {
  const scheduler = new Scheduler(state, init.bounds, init.mortal, init.replay);
  const startMs = performance.now();
  scheduler.reset();
  const first = scheduler.atRest();
  const watchdog = new Watchdog(state, timeoutMs);
  const over = Promise.race([...workers.map((worker) => nextMessage(worker)), watchdog.stuck]);
  atomics.store(state.turns, agentOf(first) * TURN_STRIDE, 1);
  atomics.notify(state.turns, agentOf(first) * TURN_STRIDE);
  const message = await over.finally(() => watchdog.stop());
  const schedules = state.get(RUN);
  return {
    schedules,
    steps: state.totalSteps[0] as number,
    seconds: (performance.now() - startMs) / 1000,
    isComplete: message.kind === "explored" && schedules < init.maxSchedules,
    failure:
      message.kind === "failed"
        ? {
            kind: message.failure,
            agent: message.agent,
            message: message.message,
            stack: message.stack,
            schedule: formatSchedule(scheduler.schedule()),
            steps: formatRun(state, memories),
          }
        : undefined,
  };
}

/** Reports that a run does not end: some body loops without an operation. */
class Watchdog {
  readonly stuck: Promise<AgentMessage>;
  #timer: NodeJS.Timeout | undefined;

  constructor(state: ExplorerState, timeoutMs: number) {
    this.stuck = new Promise((resolve) => {
      let last = -1;
      this.#timer = setInterval(() => {
        const current = atomics.load(state.counters, RUN);
        if (current === last) {
          const message = `A run has not ended within ${timeoutMs} ms: a body loops without an operation`;
          resolve({ kind: "failed", failure: "stuck", agent: -1, message, stack: "" });
        }
        last = current;
      }, timeoutMs);
    });
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

async function nextMessage(worker: Worker): Promise<AgentMessage> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

function mapValues<Value, Result>(
  from: Readonly<Record<string, Value>>,
  change: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value)]));
}
