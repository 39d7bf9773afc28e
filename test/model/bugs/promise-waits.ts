/** Bugs that the scenarios of promise waits must find. */
import type { Edit } from "../../support/edits.ts";

export const entersLate: Edit = {
  file: "/waiting/promise-wait.js",
  replace: "waiters.enter(slot); // and look once more\n",
  by: "return void waiters.enter(slot);\n",
};

export const looksBeforeItArms: Edit = {
  file: "/waiting/pump.js",
  replace: `
    this.doorbell.arm();
    // A death that was announced before the bell was armed has rung for nothing.
    if (this.#program.endThread !== undefined) this.#haltIfDead();
    if (this.#hasNews()) {`,
  by: "const hasNews = this.#hasNews(); this.doorbell.arm(); if (hasNews) {",
};

/** An agent that blocks keeps a wake-up that is meant for one of its promises. */
export const keepsTheWakeUp: Edit = {
  file: "/waiting/promise-wait.js",
  replace: "queue.isOut = true; waiters.wakeOne();",
  by: "queue.isOut = true;",
};

/** heddle's did: the pump had looked before the block had left the set, and was not told. */
export const leavesUnseen: Edit = {
  file: "/waiting/promise-wait.js",
  replace: "this.#program.agents.ring(this.#program.slot);",
  by: "",
};

export const givesUpForAll: Edit = {
  file: "/waiting/promise-wait.js",
  replace: "if (queue.waiters.length > 0) return;",
  by: "",
};

/** heddle's did, for two handles of one object: each had a queue of its own, and all of them one bit. */
export const leavesForAllHandles: Edit = {
  file: "/waiting/promise-wait.js",
  replace: "return waiters.at;",
  by: "return waiters;",
};

/** heddle's did: dump() disarmed the doorbell that the pump listened to. */
export const stopsListening: Edit = {
  file: "/waiting/pump.js",
  replace: "if (!this.#isBlocked) this.#resume();",
  by: "",
};

/** heddle's did: of two that had asked, the first waited until its time was over. */
export const answersTheLastOnly: Edit = {
  file: "/waiting/deadlock.js",
  replace: `if (record.siteAsker === -1) return;
    record.writeSite(writeWhereabouts(ownWhereabouts(program)));
    // Several may have asked, and the record names the last one only.
    for (const other of agents.live()) agents.ring(other);`,
  by: `const asker = record.siteAsker;
    if (asker === -1) return;
    record.writeSite(writeWhereabouts(ownWhereabouts(program)));
    agents.ring(asker);`,
};

/** heddle's did: untilBlocked() counted waiters that no notification could reach yet. */
export const countsThoseAtTheLock: Edit = {
  file: "/threading/condition.js",
  replace: "(condition) => condition.#condition.waiting",
  by: "(condition) => condition.#condition.waiting + condition.#inner.shared.waiters.size",
};
