/** Bugs that the scenarios of parking must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/memory/parking.js";

/** The scenario's own worker, which looks at the ring before it announces that it parks. */
export const looksBeforeItParks: Edit = {
  file: "/parking.scenarios.ts",
  replace: "parking.preparePark(me);",
  by: `
    const wasEmpty = ring.isEmpty();
    parking.preparePark(me);
    if (wasEmpty && load(shared.retiring, me) === 0) {
      sleep(parking, isAsync, context);
      continue;
    }`,
};

/** The scenario's own worker, which looks for the closing after the ring. heddle's did. */
export const looksForTheClosingLast: Edit = {
  file: "/parking.scenarios.ts",
  replace: "} else if (isRetiring) { if (parking.cancelPark(me)) return;",
  by: "} else if (load(shared.closing, 0) === 1) { parking.cancelPark(me); return;",
};

/** The scenario's own worker, which ends though a producer has just woken it. heddle's did. */
export const endsWithTheWakeUp: Edit = {
  file: "/parking.scenarios.ts",
  replace: "if (parking.cancelPark(me)) return;",
  by: "parking.cancelPark(me); return;",
};

/** The scenario's own reaper, which does not pass the dead one's wake-up on. */
export const takesTheWakeUpAlong: Edit = {
  file: "/parking.scenarios.ts",
  replace: "if (!ringOf(shared).isEmpty()) parkingOf(shared).wakeOne();",
  by: "",
};

/** heddle's did. */
export const wakesAllButWhomADeadWakerLeft: Edit = {
  file,
  replace: "if (!this.wake(worker)) this.#wakeAgain(worker);",
  by: "this.wake(worker);",
};

/** The scenario's own worker, which does not ask why it is awake. heddle's did. */
export const worksAsIfItSlept: Edit = {
  file: "/parking.scenarios.ts",
  replace: "idle(); parking.cancelPark(agent);",
  by: "idle();",
};

export const countsAfterItParks: Edit = {
  file,
  replace:
    "add(this.#words, PARKED_COUNT, 1); store(this.#words, CELLS + worker * CELL_STRIDE, PARKED);",
  by: "store(this.#words, CELLS + worker * CELL_STRIDE, PARKED);",
};

export const notifiesBeforeItWakes: Edit = {
  file,
  replace:
    "if (compareExchange(this.#words, cell, PARKED, AWAKE) !== PARKED) return false; sub(this.#words, PARKED_COUNT, 1); notify(this.#words, cell, 1);",
  by: "notify(this.#words, cell, 1); if (compareExchange(this.#words, cell, PARKED, AWAKE) !== PARKED) return false; sub(this.#words, PARKED_COUNT, 1);",
};

export const waitsForASpinnerForEver: Edit = {
  file,
  replace:
    "sub(this.#words, SPINNING_COUNT, 1); store(this.#words, CELLS + worker * CELL_STRIDE, AWAKE); } /**",
  by: "store(this.#words, CELLS + worker * CELL_STRIDE, AWAKE); } /**",
};

export const buriesASpinnerAsAwake: Edit = {
  file,
  replace:
    "else if (compareExchange(this.#words, cell, SPINNING, AWAKE) === SPINNING) { sub(this.#words, SPINNING_COUNT, 1); }",
  by: "",
};

export const doesNotFinishADeadWakersWork: Edit = {
  file,
  replace: "for (let other = 0; other < this.#workers; other++) this.#wakeAgain(other);",
  by: "",
};

/** The scenario's own worker. */
export const namesItsAgentLast: Edit = {
  file: "/parking.scenarios.ts",
  replace: "parking.parkOnBell(me, me); for (;;) { bell.arm(); if (!parking.isParked(me)) break;",
  by: "for (;;) { bell.arm(); if (!parking.isParked(me)) break; parking.parkOnBell(me, me);",
};

export const looksForTheNameFirst: Edit = {
  file,
  replace:
    "if (compareExchange(this.#words, cell, PARKED, AWAKE) !== PARKED) return false; sub(this.#words, PARKED_COUNT, 1); notify(this.#words, cell, 1); this.#ringFor(cell);",
  by: "const agent = load(this.#words, cell + AGENT); if (compareExchange(this.#words, cell, PARKED, AWAKE) !== PARKED) return false; sub(this.#words, PARKED_COUNT, 1); notify(this.#words, cell, 1); if (agent !== 0) this.#ring(agent - 1);",
};
