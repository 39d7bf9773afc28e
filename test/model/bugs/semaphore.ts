/** Bugs that the scenarios of semaphores must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/memory/semaphore.js";

export const takesWithoutComparing: Edit = {
  file,
  replace: "if (compareExchange(this.#words, at, count, count - 1) === count) return true;",
  by: "store(this.#words, at, count - 1); return true;",
};

export const wakesOneForAll: Edit = {
  file,
  replace: "while (chosen < permits && this.#waiters.wakeOne()) chosen++;",
  by: "if (chosen < permits) this.#waiters.wakeOne();",
};

export const looksAtTheBoundFirst: Edit = {
  file,
  replace: "if (compareExchange(this.#words, at, count, count + permits) === count) break;",
  by: "if (compareExchange(this.#words, at, load(this.#words, at), load(this.#words, at) + permits) >= 0) break;",
};

export const wakesBeforeItAdds: Edit = {
  file,
  replace: "release(permits, most = MOST_PERMITS) {",
  by: `release(permits) {
    for (let chosen = 0; chosen < permits; chosen++) this.#waiters.wakeOne();
    store(this.#words, this.#at + COUNT, load(this.#words, this.#at + COUNT) + permits);
    return true;
  }
  original(permits, most) {`,
};
