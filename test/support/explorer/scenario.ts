/** What a scenario is: some agents, the memory they share, and what must hold in the end. */

/** The shared memories of a scenario by name, as each agent sees them. */
export type Shared<Name extends string> = Readonly<Record<Name, Int32Array>>;

/** What an agent may do besides using its subject. Nothing of it takes a step. */
export interface AgentContext {
  /** The agent's number; that of a reaper is the number of agents plus the dead one's. */
  readonly agent: number;
  /** Writes a number down for {@link Scenario.check}, in the order of the whole run. */
  note(value: number): void;
  /** Sleeps until the agent's `waitAsync` is notified, as an event loop with nothing else to do. */
  idle(): void;
}

export interface Note {
  readonly agent: number;
  readonly value: number;
}

/** How a run ended. */
export interface Outcome {
  readonly notes: readonly Note[];
  readonly dead: readonly number[];
  /** Agents that sleep for good; empty unless the scenario allows it. */
  readonly parked: readonly number[];
}

export type Body<Name extends string> = (shared: Shared<Name>, context: AgentContext) => void;

export interface Scenario<Name extends string = string> {
  /** How many words each shared memory has. */
  readonly memory: Readonly<Record<Name, number>>;
  /** Makes the state that every run starts from. Runs once. */
  readonly setup?: (shared: Shared<Name>) => void;
  /** What each agent does. Must take the same steps whenever it reads the same values. */
  readonly agents: readonly Body<Name>[];
  /** The agents that may die. Default: all. */
  readonly mortal?: readonly number[];
  /** What others do once an agent has died: a further agent, which starts at the death or later. */
  readonly afterDeath?: (shared: Shared<Name>, dead: number, context: AgentContext) => void;
  /** Whether a run may end with agents asleep; otherwise that is a deadlock. Default: false. */
  readonly mayEndParked?: boolean;
  /** Throws when the run must not have ended so. */
  readonly check: (shared: Shared<Name>, outcome: Outcome) => void;
}

/** Gives a scenario its type: the names of its memories are checked in its bodies. */
export function scenario<Name extends string>(description: Scenario<Name>): Scenario<Name> {
  return description;
}
