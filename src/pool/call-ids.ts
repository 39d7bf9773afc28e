/**
 * Which ids of a pool in shared memory may be given to calls.
 *
 * A call that was taken from its worker by force keeps its id in *quarantine*. A thread that is being
 * ended runs on for a while: a moment as a rule, as long as it stays in native code, and for ever where
 * threads cannot be stopped. It may write to the record of its call. So the id is not given to another
 * call before the thread has ended, or says that it has let go of it.
 */
import type { WorkerAgent } from "../agents/worker-agent.ts";
import type { CallTable } from "../memory/call-table.ts";

export class CallIds {
  readonly #table: CallTable;
  readonly #released: () => void;
  /** Ids that no call has. Used as a stack: a recently used record is still in the cache. */
  readonly #free: number[] = [];
  readonly #quarantined = new Map<number, WorkerAgent>();

  /** @param released Called when an id has left the quarantine. */
  constructor(table: CallTable, released: () => void) {
    this.#table = table;
    this.#released = released;
    for (let id = table.capacity - 1; id >= 0; id--) this.#free.push(id);
  }

  /** The one that is taken next; undefined if all are in use. */
  get next(): number | undefined {
    return this.#free.at(-1);
  }

  take(): void {
    this.#free.pop();
  }

  free(id: number): void {
    this.#free.push(id);
  }

  /** @param agent The worker that has the call. */
  quarantine(id: number, agent: WorkerAgent): void {
    this.#quarantined.set(id, agent);
    void agent.gone.then(() => {
      if (this.#quarantined.get(id) === agent) this.#release(id);
    });
  }

  /** The id was in the ring of finished calls: its worker may have let go of it. */
  look(id: number): void {
    if (this.#quarantined.has(id) && this.#table.isDone(id)) this.#release(id);
  }

  #release(id: number): void {
    this.#quarantined.delete(id);
    this.#table.free(id);
    this.#free.push(id);
    this.#released();
  }
}
