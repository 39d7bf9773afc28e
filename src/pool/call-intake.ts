/**
 * Calls that a pool has taken and its transport has not: their functions are looked up and, in a pool
 * that is ordered, they wait for their turn.
 *
 *   RESOLVING   its function is being looked for
 *   WAITING     as many calls have been handed over as there are workers
 *   HANDED      the transport has it
 *
 *   RESOLVING → WAITING, RESOLVING → HANDED, WAITING → HANDED
 *
 * In a pool that is not ordered none is WAITING.
 */
import { advised } from "../base/advice.ts";
import { isImmutable } from "../wire/send.ts";
import { currentSite, SubmitSites } from "../calls/submit-site.ts";
import type { Call, Wrapping } from "../calls/call.ts";
import { CallOrder } from "../calls/call-order.ts";
import type { FunctionTable } from "./function-table.ts";

/** What the pool does with calls. */
export interface Intaking {
  readonly maxWorkers: number;
  /** How many calls have begun to count, and are not over. */
  unsettled(): number;
  /** The call counts from now on. */
  begin(call: Call): void;
  /** Copies arguments that are to be sent later. */
  copy(args: readonly unknown[]): readonly unknown[];
  /** @throws {SendError} An argument cannot be sent. */
  hand(call: Call, functionId: number, args: readonly unknown[]): void;
  /** Something has been handed over, or nothing is left here. */
  handed(): void;
  fail(call: Call, error: unknown): void;
}

export class CallIntake {
  readonly #pool: Intaking;
  readonly #functions: FunctionTable;
  readonly #sites = new SubmitSites();
  readonly #resolving = new Set<Call>();
  #order: CallOrder | undefined;

  constructor(pool: Intaking, functions: FunctionTable) {
    this.#pool = pool;
    this.#functions = functions;
  }

  /** From now on calls are handed over in the order of their priorities. */
  order(): void {
    this.#order ??= new CallOrder();
  }

  /** How many calls are here. */
  get size(): number {
    return this.#resolving.size + this.waiting;
  }

  get waiting(): number {
    return this.#order?.size ?? 0;
  }

  isResolving(call: Call): boolean {
    return this.#resolving.has(call);
  }

  all(): readonly Call[] {
    return [...this.#resolving, ...(this.#order?.all() ?? [])];
  }

  /** Whether the call was here; it is not any more. */
  remove(call: Call): boolean {
    return this.#resolving.delete(call) || this.#order?.remove(call) === true;
  }

  clear(): readonly Call[] {
    const all = this.all();
    for (const call of all) this.remove(call);
    return all;
  }

  /** @throws {Error} The function or an argument cannot be sent. The call has not been taken. */
  take(call: Call, fn: Function, args: readonly unknown[], wrapping: Wrapping): void {
    const entry = this.#functions.lookUp(fn, wrapping);
    if (entry.state === "ready") {
      call.site ??= this.#sites.of(entry.id);
      this.#place(call, entry.id, args);
      this.#pool.begin(call);
      this.#pool.handed();
    } else {
      call.site ??= currentSite();
      void this.#placeOnceResolved(call, entry.ready, this.#copyOf(args));
    }
  }

  /** Hands over those whose turn it is, because another one is over. */
  goOn(): void {
    while (this.#mayHand()) {
      const next = this.#order?.take();
      if (next === undefined) break;
      const { call, functionId, args } = next;
      try {
        this.#pool.hand(call, functionId, args);
      } catch (error) {
        this.#pool.fail(call, error);
      }
    }
    this.#pool.handed();
  }

  /** Whether fewer calls have been handed over than there are workers. */
  #mayHand(): boolean {
    return this.#pool.unsettled() - this.size < this.#pool.maxWorkers;
  }

  #place(call: Call, functionId: number, args: readonly unknown[]): void {
    if (this.#order === undefined || (this.waiting === 0 && this.#mayHand()))
      this.#pool.hand(call, functionId, args);
    else this.#order.add({ call, functionId, args: this.#copyOf(args) });
  }

  #copyOf(args: readonly unknown[]): readonly unknown[] {
    return args.every(isImmutable) ? args : this.#pool.copy(args);
  }

  async #placeOnceResolved(
    call: Call,
    ready: Promise<number>,
    args: readonly unknown[],
  ): Promise<void> {
    this.#resolving.add(call);
    this.#pool.begin(call);
    try {
      const functionId = await ready;
      if (!this.#resolving.has(call)) return;
      this.#place(call, functionId, args);
      this.#resolving.delete(call);
    } catch (error) {
      const fitting = call.giving === undefined ? error : advised(error, call.giving);
      if (this.#resolving.delete(call)) this.#pool.fail(call, fitting);
    }
    this.#pool.handed();
  }
}
