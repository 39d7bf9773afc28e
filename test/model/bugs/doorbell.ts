/** Bugs that the scenarios of the doorbell must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/memory/doorbell.js";

export const notifiesBeforeItIsQuiet: Edit = {
  file,
  replace:
    "if (load(this.#words, this.#at) === ARMED && compareExchange(this.#words, this.#at, ARMED, QUIET) === ARMED) { notify(this.#words, this.#at); }",
  by: "if (load(this.#words, this.#at) === ARMED) { notify(this.#words, this.#at); store(this.#words, this.#at, QUIET); }",
};

export const notifiesWithoutQuieting: Edit = {
  file,
  replace: "store(this.#words, this.#at, QUIET); notify(this.#words, this.#at);",
  by: "if (load(this.#words, this.#at) === ARMED) notify(this.#words, this.#at);",
};

/** The scenario's own agent, which looks before it arms. */
export const looksBeforeItArms: Edit = {
  file: "/doorbell.scenarios.ts",
  replace: "bell.arm(); if (happened(shared) >= events) break; bell.sleep(timeoutMs);",
  by: "bell.arm(); bell.sleep(timeoutMs);",
};

/** The scenario's own ringer, which rings before it publishes. */
export const ringsBeforeItPublishes: Edit = {
  file: "/doorbell.scenarios.ts",
  replace: "add(shared.news, NEWS, 1); new Doorbell(shared.bell).ring();",
  by: "new Doorbell(shared.bell).ring(); add(shared.news, NEWS, 1);",
};
