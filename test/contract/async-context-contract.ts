/**
 * Where users hand functions to heddle, each is called in the async context, and with the
 * context variables, of the code that handed it over.
 */
import { describe, it } from "node:test";
import { type Register, seesItsOwn, type Variables } from "../support/async-context.ts";

/** Where a function is handed over. */
export interface Place {
  readonly variables: Variables;
  readonly register: Register;
}

export function callback(register: Register): Place {
  return { variables: "copy", register };
}

export function continuation(register: Register): Place {
  return { variables: "shared", register };
}

export function asyncContextContract(places: Readonly<Record<string, Place>>): void {
  describe("the async context of the caller", () => {
    for (const [name, { register, variables }] of Object.entries(places)) {
      it(`is that of ${name}`, () => seesItsOwn(register, variables));
    }
  });
}
