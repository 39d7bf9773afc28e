/** Bugs that the scenarios of queues must find. */
import type { Edit } from "../../support/edits.ts";

const base = "/memory/queues/slot-queue.js";
const fifo = "/memory/queues/fifo-slots.js";
const lifo = "/memory/queues/lifo-slots.js";
const priority = "/memory/queues/priority-slots.js";

/** No bug: shorter spins, for fewer schedules. */
export const small: readonly Edit[] = [
  { file: "/memory/short-lock.js", replace: "const SPINS = 200;", by: "const SPINS = 1;" },
];
/** Likewise: a store is soon too large. */
export const roomy: readonly Edit[] = [
  ...small,
  { file: base, replace: "const SMALLEST = 16;", by: "const SMALLEST = 2;" },
  { file: base, replace: "const ROOMY = 8;", by: "const ROOMY = 2;" },
];

export const wakesBeforeItPuts: Edit = {
  file: fifo,
  replace: "store(words, at + PUTS, (puts + 1) | 0);",
  by: "this.notEmpty.wakeOne(); store(words, at + PUTS, (puts + 1) | 0); this.putLock.release(); return TAKEN;",
};

export const freesFirst: Edit = {
  file: base,
  replace: "store(this.words, this.at + STORE, fresh); this.openStore(); this.#blocks.free(old);",
  by: "this.#blocks.free(old); store(this.words, this.at + STORE, fresh); this.openStore();",
};

export const forgetsTheLast: Edit = {
  file: fifo,
  replace: "left > 0; index = (index + 1) | 0, left--",
  by: "left > 1; index = (index + 1) | 0, left--",
};

export const closesWithoutLock: Edit = {
  file: base,
  replace: "this.putLock.acquire(); if (this.getLock !== this.putLock) this.getLock.acquire();",
  by: "if (this.getLock !== this.putLock) this.getLock.acquire(); else this.putLock.acquire();",
};

export const closesWithoutTheGetters: Edit = {
  file: base,
  replace: "if (this.getLock !== this.putLock) this.getLock.acquire();",
  by: "",
};

export const putsBackUnseen: Edit = {
  file: fifo,
  replace: "words[at + GETS_SEEN] = gets;",
  by: "",
};

export const putsBackQuietly: Edit = {
  file: fifo,
  replace: "this.unlockAll(); } this.notEmpty.wakeOne();",
  by: "this.unlockAll(); }",
};

export const wakesNoPutter: Edit = { file: fifo, replace: "this.notFull.wakeOne();", by: "" };

export const wakesOnePutter: Edit = {
  file: base,
  replace: "store(this.words, this.at + MAXSIZE, maxsize); this.notFull.wakeAll();",
  by: "store(this.words, this.at + MAXSIZE, maxsize); this.notFull.wakeOne();",
};

export const wakesNoJoiner: Edit = {
  file: base,
  replace: "if (this.unfinished === 0) this.#allDone.wakeAll();",
  by: "",
};

export const reportsWithoutComparing: Edit = {
  file: base,
  replace: "if (compareExchange(this.words, this.at + DONE, done, (done + 1) | 0) === done) break;",
  by: "store(this.words, this.at + DONE, (done + 1) | 0); break;",
};

export const cutsFirst: Edit = {
  file: base,
  replace:
    "store(this.words, this.at + CUT_AT, load(this.words, this.at + GETS)); store(this.words, this.at + STATE, CUT);",
  by: "store(this.words, this.at + STATE, CUT); store(this.words, this.at + CUT_AT, load(this.words, this.at + GETS));",
};

export const takesWithoutLock: Edit = {
  file: lifo,
  replace: "tryGet(slot) { this.getLock.acquire();",
  by: "tryGet(slot) {",
};

export const movesBeforeItPuts: Edit = {
  file: priority,
  replace:
    "store(words, at + count, (load(words, at + count) + step) | 0); if (place !== size) this.#moveUp(number, size, place);",
  by: "if (place !== size) this.#moveUp(number, size, place); store(words, at + count, (load(words, at + count) + step) | 0);",
};

export const leavesItUntidy: Edit = {
  file: priority,
  replace: "if (load(this.words, this.at + UNTIDY) === 0) return;",
  by: "return;",
};

export const keepsTheDouble: Edit = { file: priority, replace: "this.#replaceDouble();", by: "" };

export const makesNoHeap: Edit = {
  file: priority,
  replace: "for (let place = (size >> 1) - 1; place >= 0; place--) this.#sink(place, size);",
  by: "",
};
