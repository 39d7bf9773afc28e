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
import { checkedObject } from "../../base/options.ts";
import { server } from "#platform";
import { RuntimeError, TimeoutError } from "../../errors.ts";
import { isSuppressed } from "../../shipping/main-module.ts";
import { Agent, type AgentInit, type EndMessage } from "./agent.ts";
import { Baton } from "./baton.ts";
import { agentOf } from "./decision.ts";
import {
  type CheckedOptions,
  checkedExploreOptions,
  type ExploreOptions,
} from "./explore-options.ts";
import type { Report } from "./report.ts";
import type { Scenario } from "./scenario.ts";
import { formatRun, formatSchedule, parseSchedule } from "./schedule.ts";
import { Scheduler } from "./scheduler.ts";
import { ExplorerState, MOST_AGENTS, RUN, STEPS } from "./state.ts";
import { Watchdog } from "./watchdog.ts";

type Words = Readonly<Record<string, Int32Array>>;

/**
 * Runs a scenario under every schedule within bounds, until one fails.
 *
 * Each agent runs in a thread of its own, but only one at a time: every operation
 * of `Atomics` on the scenario's memory waits until it is its turn. So the code
 * under test is what you ship, with the schedule in the explorer's hand. Accesses
 * without `Atomics` happen along with the operation before them.
 *
 * Python: none
 *
 * @param scenario What {@link scenario} made.
 * @param options.preemptions Most switches away from an agent that could go on, in
 *   one run. Default: 2, which finds nearly every bug; 3 takes some ten times as long.
 * @param options.deaths Most agents that die in one run. Default: 0.
 * @param options.expiries Most timed waits that expire in one run. Default: 0.
 * @param options.timeout Longest time in milliseconds for the agents to start, and
 *   for a single run. Default: 20 000.
 * @returns What was found: the counts, and the first failure if there was one.
 * @throws {TypeError} An option is unknown or of the wrong type.
 * @throws {RangeError} An option is out of range, `replay` is not a schedule, or the
 *   scenario has more than 8 agents.
 * @throws {RuntimeError} An agent could not load the scenario. `cause` says why.
 * @throws {TimeoutError} An agent did not come to the scenario in time.
 *
 * @example An increment that is not atomic
 * ```ts
 * import { explore, scenario } from "heddle/testing";
 *
 * const increment = ({ count }: { readonly count: Int32Array }): void => {
 *   Atomics.store(count, 0, Atomics.load(count, 0) + 1);
 * };
 * const counter = scenario(import.meta.url, "counter", {
 *   memory: { count: 1 },
 *   agents: [increment, increment],
 *   check: ({ count }) => {
 *     if (count[0] !== 2) throw new Error(`the count is ${count[0]}`);
 *   },
 * });
 *
 * const { failure } = await explore(counter);
 * console.log(failure?.message); // the count is 1
 * console.log(failure?.schedule); // 0 1*2 0
 * ```
 */
export async function explore<Memory extends string>(
  scenario: Scenario<Memory>,
  options?: ExploreOptions,
): Promise<Report> {
  const checked = checkedExploreOptions(options);
  const { module, name, memory, mortal } = checkedObject(scenario, "explore: scenario");
  if (!Array.isArray(scenario.agents) || typeof module !== "string")
    throw new TypeError("explore: scenario must be what scenario() returns");
  const count = scenario.agents.length;
  if (count === 0 || count > MOST_AGENTS)
    throw new RangeError(`Cannot explore "${name}": it must have 1 to ${MOST_AGENTS} agents`);
  const replay = checked.replay === undefined ? undefined : parseSchedule(checked.replay);
  // An agent, or a pool's worker, that loads this program again must not explore again.
  if (isSuppressed()) return new Promise<never>(() => undefined);

  const state = new ExplorerState();
  const shared = Object.fromEntries(
    Object.entries<number>(memory).map(([key, words]) => [
      key,
      new Int32Array(new SharedArrayBuffer(words * 4)),
    ]),
  );
  scenario.setup?.(shared as Parameters<NonNullable<typeof scenario.setup>>[0]);
  const { preemptions, deaths, expiries, maxSteps, maxSchedules, prelude } = checked;
  const init: Omit<AgentInit, "agent" | "port" | "release"> = {
    module,
    name,
    state: state.buffer,
    shared,
    initial: copied(shared),
    bounds: { preemptions, deaths, expiries },
    mortal: scenario.agents.map((_, agent) => mortal?.includes(agent) ?? true),
    replay,
    maxSteps,
    maxSchedules,
    prelude,
  };
  const agents = scenario.agents.map((_, agent) => new Agent({ ...init, agent }));
  try {
    await started(agents, name, checked);
    return await run(agents, state, init, checked);
  } finally {
    await Promise.all(agents.map((agent) => agent.terminate()));
  }
}

/** Waits until all agents wait for their turns. */
async function started(
  agents: readonly Agent[],
  name: string,
  { timeout }: CheckedOptions,
): Promise<void> {
  const ready = agents.map(async (agent, number) => {
    const message = await agent.next();
    if (message.kind !== "broken") return;
    const cause = new Error(message.message);
    cause.stack = message.stack;
    const text = `Cannot explore "${name}": agent ${number} cannot load it: ${message.message}`;
    throw new RuntimeError(text, { cause });
  });
  let timer: { cancel(): void } | undefined;
  const late = new Promise<never>((_, reject) => {
    const text = `Cannot explore "${name}": its module has not come to it within ${timeout} ms`;
    timer = server.backgroundTimer(() => reject(new TimeoutError(text)), timeout);
  });
  await Promise.race([Promise.all(ready), late]).finally(() => timer?.cancel());
}

async function run(
  agents: readonly Agent[],
  state: ExplorerState,
  init: Omit<AgentInit, "agent" | "port" | "release">,
  { timeout }: CheckedOptions,
): Promise<Report> {
  const scheduler = new Scheduler(state, init.bounds, init.mortal, init.replay);
  const startMs = performance.now();
  scheduler.reset();
  const first = scheduler.atRest();
  const watchdog = new Watchdog(state, timeout);
  const ends = agents.map(async (agent) => (await agent.next()) as EndMessage);
  new Baton(state.turns).give(agentOf(first));
  const end = await Promise.race([...ends, watchdog.stuck]).finally(() => watchdog.stop());
  const report = {
    scenario: init.name,
    schedules: state.get(RUN),
    steps: (state.totalSteps[0] as number) + (end.kind === "failed" ? state.get(STEPS) : 0),
    elapsedMs: performance.now() - startMs,
  };
  if (end.kind === "explored") return { ...report, isComplete: end.isComplete, failure: undefined };
  const { failure: kind, agent, message, stack } = end;
  const schedule = formatSchedule(scheduler.schedule());
  const trace = formatRun(state, Object.keys(init.shared));
  const failure = { kind, agent, message, stack, schedule, trace };
  return { ...report, isComplete: false, failure };
}

function copied(shared: Words): Words {
  return Object.fromEntries(
    Object.entries(shared).map(([key, words]) => [key, new Int32Array(words)]),
  );
}
