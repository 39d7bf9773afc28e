/**
 * Where users hand functions to heddle, each is called in the async context, and with the
 * context variables, of the code that handed it over.
 */
import { describe, it } from "node:test";
import {
  plainly,
  type Register,
  seesItsOwn,
  type Variables,
  type Within,
} from "../support/async-context.ts";

/** Where a function is handed over. */
export interface Place {
  readonly variables: Variables;
  readonly register: Register;
  readonly within?: Within;
}

/** A function that runs in a copy of the context variables. */
export function callback(register: Register): Place {
  return { variables: "copy", register };
}

/** A function that goes on with the code that waits for it. */
export function continuation(register: Register): Place {
  return { variables: "shared", register };
}

/** The same places, in a run of asyncio. */
export function inRuns(places: Readonly<Record<string, Place>>, within: Within): typeof places {
  const entries = Object.entries(places);
  return Object.fromEntries(entries.map(([name, place]) => [name, { ...place, within }]));
}

export function asyncContextContract(
  module: string,
  places: Readonly<Record<string, Place>>,
): void {
  describe(`the async context of the caller, in ${module}`, () => {
    for (const [name, place] of Object.entries(places)) {
      const { register, variables, within = plainly } = place;
      it(`is there in ${name}`, () => seesItsOwn(register, variables, within));
    }
  });
}
