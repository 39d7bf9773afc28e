/** What a scenario is: some agents, the memory they share, and what must hold in the end. */
import { checkedFunction } from "../../base/functions.ts";
import { asText, kindOf } from "../../base/text.ts";
import { checkedObject, checkedOptions, checkedType } from "../../base/options.ts";
import { fileUrl } from "../../shipping/callers/file-url.ts";
import type { TaskSite } from "../../shipping/marker.ts";
import { threadRegistry } from "../../base/registry.ts";

/** The shared memories of a scenario by name, as each agent sees them. Python: none */
export type Shared<Memory extends string> = Readonly<Record<Memory, Int32Array>>;

/** What an agent may do besides using its subject. Nothing of it takes a step. Python: none */
export interface AgentContext {
  /** The agent's number; that of a reaper is the number of agents plus the dead one's. */
  readonly agent: number;
  /** Writes a number down for {@link ScenarioParts.check}, in the order of the whole run. Python: none */
  note(value: number): void;
  /** Sleeps until the agent's `waitAsync` is notified, as an event loop with nothing else to do, and settles its promise. Python: none */
  idle(): void;
}

/** A number that an agent wrote down. Python: none */
export interface Note {
  /** The number of the agent. */
  readonly agent: number;
  /** What it wrote down. */
  readonly value: number;
}

/** How a run ended. Python: none */
export interface Outcome {
  /** What agents wrote down, in order. */
  readonly notes: readonly Note[];
  /** The agents that died. */
  readonly dead: readonly number[];
  /** Agents that sleep for good; empty unless the scenario allows it. */
  readonly parked: readonly number[];
}

/** What an agent does, from its start to its end. Python: none */
export type Body<Memory extends string> = (shared: Shared<Memory>, context: AgentContext) => void;

/** What a scenario is made of. Python: none */
export interface ScenarioParts<Memory extends string = string> {
  /** How many words each shared memory has. All are 0 unless `setup` says otherwise. */
  readonly memory: Readonly<Record<Memory, number>>;
  /** Makes the state that every run starts from. Runs once. */
  readonly setup?: (shared: Shared<Memory>) => void;
  /**
   * What each agent does, in a thread of its own, again and again. It must be
   * synchronous and take the same steps whenever it reads the same values, so it
   * keeps nothing from one run to the next.
   */
  readonly agents: readonly Body<Memory>[];
  /** The agents that may die. Default: all. */
  readonly mortal?: readonly number[];
  /** What others do once an agent has died: a further agent, which starts at the death or later. */
  readonly afterDeath?: (shared: Shared<Memory>, dead: number, context: AgentContext) => void;
  /** Whether a run may end with agents asleep; otherwise that is a deadlock. Default: false. */
  readonly mayEndParked?: boolean;
  /** Throws when the run must not have ended so. */
  readonly check: (shared: Shared<Memory>, outcome: Outcome) => void;
}

/** A scenario that {@link explore} can run: made by {@link scenario}. Python: none */
export interface Scenario<Memory extends string = string> extends ScenarioParts<Memory> {
  /** URL of the module that defines it. */
  readonly module: string;
  /** Its name in that module and in reports. */
  readonly name: string;
}

type Listener = (made: Scenario) => void;

function listeners(): Set<Listener> {
  return threadRegistry("scenario listeners@1", () => new Set<Listener>());
}

/** Calls back for each scenario that is made in this thread from now on. */
export function onScenario(listener: Listener): void {
  listeners().add(listener);
}

const PARTS: readonly (keyof Scenario)[] = [
  "memory",
  "agents",
  "setup",
  "check",
  "mortal",
  "afterDeath",
  "mayEndParked",
  // Of a scenario that another is made of.
  "module",
  "name",
];

/**
 * Describes agents that share memory, for {@link explore} to run under every schedule.
 *
 * Call it at the top level of a module: each agent loads that module in a thread
 * of its own, and finds the scenario there by its name. Tests of most runners
 * cannot be loaded there, so keep scenarios in files of their own.
 *
 * Python: none
 *
 * @param site The module that holds the call: `import.meta.url`.
 * @param name Names the scenario in its module and in reports.
 * @param parts The memory, the agents, and the check.
 * @returns The scenario.
 * @throws {TypeError} `site` names no module.
 *
 * @example Two threads that add one
 * ```ts
 * import { explore, scenario } from "heddle/testing";
 *
 * const counter = scenario(import.meta.url, "counter", {
 *   memory: { count: 1 },
 *   agents: [({ count }) => Atomics.add(count, 0, 1), ({ count }) => Atomics.add(count, 0, 1)],
 *   check: ({ count }) => {
 *     if (count[0] !== 2) throw new Error(`the count is ${count[0]}`);
 *   },
 * });
 *
 * const { schedules, failure } = await explore(counter);
 * console.log(schedules, failure); // 2 undefined
 * ```
 */
export function scenario<Memory extends string>(
  site: TaskSite,
  name: string,
  parts: ScenarioParts<Memory>,
): Scenario<Memory> {
  checkedType(name, "string", "scenario: name");
  const { agents, check, memory } = checkedOptions<Partial<Scenario>>(parts, PARTS, "scenario");
  if (!Array.isArray(agents))
    throw new TypeError(`scenario: "agents" must be an array, got ${kindOf(agents)}`);
  for (const agent of agents) checkedFunction(agent as unknown, "scenario: each agent");
  checkedFunction(check, 'scenario: "check"');
  checkedObject(memory, 'scenario: "memory"');
  const isMeta = typeof site === "object" && (site as unknown) !== null && !(site instanceof URL);
  const given = asText(isMeta ? site.url : site);
  const module = fileUrl(given);
  if (module === undefined) {
    throw new TypeError(
      `Cannot make the scenario "${name}": "${given}" is not the URL of a module; ` +
        `use scenario(import.meta.url, "${name}", …)`,
    );
  }
  const made: Scenario<Memory> = { ...parts, module, name };
  for (const listener of listeners()) listener(made);
  return made;
}
