/** Bugs that the scenarios of the call table must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/memory/call-table.js";

export const claimsByLoadAndStore: Edit = {
  file,
  replace: "return compareExchange(this.#words, id * this.#stride, QUEUED, running) === QUEUED;",
  by: `
    if (load(this.#words, id * this.#stride) !== QUEUED) return false;
    store(this.#words, id * this.#stride, running);
    return true;`,
};

export const cancelsByStore: Edit = {
  file,
  replace: "return compareExchange(this.#words, id * this.#stride, QUEUED, FREE) === QUEUED;",
  by: `
    const isInTime = this.isQueued(id);
    if (isInTime) this.free(id);
    return isInTime;`,
};

export const forgetsTheWorker: Edit = {
  file,
  replace: "const running = RUNNING | (worker << WORKER_SHIFT);",
  by: "const running = RUNNING;",
};

export const finishesByStore: Edit = {
  file,
  replace: "return this.#replace(id, RUNNING, DONE, worker);",
  by: `
    store(this.#words, id * this.#stride, DONE | (worker << WORKER_SHIFT));
    return true;`,
};

export const endsByStore: Edit = {
  file,
  replace: "if (this.#replace(id, state, ENDED, worker))",
  by: `
    store(this.#words, id * this.#stride, ENDED | (worker << WORKER_SHIFT));
    if (true)`,
};

export const clearsNoRequest: Edit = {
  file: "/memory/call-requests.js",
  replace: "store(this.#words, this.#at + id * this.#stride, NONE);",
  by: "",
};
