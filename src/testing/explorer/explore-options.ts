import { checkedText, kindOf } from "../../base/text.ts";
import { checkedOption, checkedOptions } from "../../base/options.ts";
import type { WebURL } from "../../base/web-types.ts";
import { MOST_STEPS } from "./state.ts";

/** A module that agents load before the scenario's. Python: none */
export interface Prelude {
  /** The module's URL. */
  readonly module: string | WebURL;
  /** What its function `prelude` is called with; copied by structured clone. */
  readonly data?: unknown;
}

/** Bounds, and ways to run less or something else. Python: none */
export interface ExploreOptions {
  /** Most switches away from an agent that could go on, in one run. Default: 2. */
  readonly preemptions?: number | undefined;
  /** Most agents that die in one run. Default: 0. */
  readonly deaths?: number | undefined;
  /** Most timed waits that expire in one run. Default: 0: a timeout hides no lost wake-up. */
  readonly expiries?: number | undefined;
  /** A run of more steps is a failure. Default: 1000. At most 4096. */
  readonly maxSteps?: number | undefined;
  /** Stops after so many schedules. Default: none. */
  readonly maxSchedules?: number | undefined;
  /** Runs this one schedule, as {@link Failure.schedule} reported it, and no other. */
  readonly replay?: string | undefined;
  /** Longest time in milliseconds for agents to start, and for a single run. Default: 20 000. */
  readonly timeout?: number | undefined;
  /**
   * A module that each agent loads before the scenario's; if it exports a function
   * called `prelude`, the agent calls it and awaits it. It can register a loader.
   */
  readonly prelude?: Prelude | undefined;
}

type NumberName = "preemptions" | "deaths" | "expiries" | "maxSteps" | "maxSchedules" | "timeout";

interface Range {
  readonly byDefault: number;
  readonly least: number;
  readonly most: number;
}

const NUMBERS: Readonly<Record<NumberName, Range>> = {
  preemptions: { byDefault: 2, least: 0, most: Infinity },
  deaths: { byDefault: 0, least: 0, most: Infinity },
  expiries: { byDefault: 0, least: 0, most: Infinity },
  maxSteps: { byDefault: 1000, least: 1, most: MOST_STEPS },
  maxSchedules: { byDefault: Infinity, least: 1, most: Infinity },
  timeout: { byDefault: 20_000, least: 1, most: 2 ** 31 - 1 },
};

/** Options with the defaults filled in. */
export interface CheckedOptions extends Readonly<Record<NumberName, number>> {
  readonly replay: string | undefined;
  readonly prelude: { readonly module: string; readonly data: unknown } | undefined;
}

/**
 * @throws {TypeError} An option is unknown or of the wrong type.
 * @throws {RangeError} A number is too small, too large or NaN.
 */
export function checkedExploreOptions(options: ExploreOptions | undefined): CheckedOptions {
  const names = Object.keys(NUMBERS) as NumberName[];
  const given = checkedOptions(options, [...names, "replay", "prelude"], "explore");
  const { replay, prelude } = given;
  checkedOption(replay, "string", 'explore: "replay"');
  const { module, data } = checkedOptions(prelude, ["module", "data"], 'explore: "prelude"');
  const number = (name: NumberName): number => checkedNumber(name, given[name]);
  return {
    preemptions: number("preemptions"),
    deaths: number("deaths"),
    expiries: number("expiries"),
    maxSteps: number("maxSteps"),
    maxSchedules: number("maxSchedules"),
    timeout: number("timeout"),
    replay,
    prelude: prelude && { module: checkedText(module, 'explore: the "module" of "prelude"'), data },
  };
}

function checkedNumber(name: NumberName, given: unknown): number {
  const { byDefault, least, most } = NUMBERS[name];
  if (given === undefined) return byDefault;
  if (typeof given !== "number")
    throw new TypeError(`explore: "${name}" must be a number, got ${kindOf(given)}`);
  if (!(given >= least && given <= most)) {
    const upTo = most === Infinity ? "" : ` and at most ${most}`;
    throw new RangeError(`explore: "${name}" must be at least ${least}${upTo}, got ${given}`);
  }
  return given;
}
