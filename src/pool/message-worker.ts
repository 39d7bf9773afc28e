/** A worker's side of a pool that works by messages alone, in a thread or a process. */
import type { Outcome } from "../calls/outcome.ts";
import type { Port } from "../platform/platform.ts";
import { invoke, type Promised } from "../calls/invoke.ts";
import type { MessageCodec } from "./call-codec.ts";
import type { OwnerMessage, ResultsMessage } from "./messages.ts";
import { post } from "../wire/send.ts";
import { NotLoaded, whenLoaded } from "../wire/unpack.ts";
import { sendError } from "../wire/send-error.ts";
import type { ReceivedSignals } from "./signals.ts";
import type { WorkerFunctions } from "./worker-functions.ts";

/** Longest time that results are held back to be sent together, in milliseconds. */
const FLUSH_MS = 2;

export class MessageWorker {
  readonly #port: Port;
  readonly #functions: WorkerFunctions;
  readonly #codec: MessageCodec;
  /** Ends this agent, which nothing will be sent to any more. */
  readonly #end: () => void;
  /** Those of the call that runs. */
  readonly #signals: ReceivedSignals;
  /** Batches of calls, and how far the first one is done. */
  readonly #batches: (readonly unknown[])[] = [];
  #at = 0;
  #results: unknown[] = [];
  #batchStartMs = 0;
  #isRunning = false;

  constructor(
    port: Port,
    functions: WorkerFunctions,
    codec: MessageCodec,
    signals: ReceivedSignals,
    end: () => void,
  ) {
    this.#end = end;
    this.#signals = signals;
    this.#port = port;
    this.#functions = functions;
    this.#codec = codec;
  }

  start(): void {
    this.#port.onMessage((message) => this.#receive(message as OwnerMessage));
    this.#port.ref();
  }

  #receive(message: OwnerMessage): void {
    if (message.kind === "function") this.#functions.add(message);
    else if (message.kind === "close") this.#end();
    else if (message.kind === "calls") {
      this.#batches.push(message.calls);
      if (!this.#isRunning) void this.#runAll();
    }
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    this.#batchStartMs = performance.now();
    for (let next; (next = this.#next()) !== undefined;) {
      const { call, functionId, args } = next;
      const outcome = this.#callNow(functionId, args);
      const settled =
        outcome === undefined || outcome.kind === "promised"
          ? await this.#callLater(outcome, functionId, args)
          : outcome;
      this.#signals.end();
      this.#push(call, settled);
      if (performance.now() - this.#batchStartMs >= FLUSH_MS) this.#flush();
    }
    this.#flush();
    this.#isRunning = false;
  }

  /** Calls the function; undefined when it, or one of its arguments, must be loaded first. */
  #callNow(functionId: number, packed: readonly unknown[]): Outcome | Promised | undefined {
    const fn = this.#functions.loaded(functionId);
    if (fn === undefined) return undefined;
    let args: readonly unknown[];
    try {
      args = this.#codec.unpackArguments(packed);
    } catch (error) {
      return error instanceof NotLoaded ? undefined : { kind: "threw", error };
    }
    return invoke(fn, args);
  }

  async #loadAndCall(functionId: number, packed: readonly unknown[]): Promise<Outcome | Promised> {
    const fn = await this.#functions.load(functionId);
    return invoke(fn, await whenLoaded(() => this.#codec.unpackArguments(packed)));
  }

  /** Waits for what a call promised, or loads the function and calls it. */
  async #callLater(
    earlier: Outcome | Promised | undefined,
    functionId: number,
    args: readonly unknown[],
  ): Promise<Outcome> {
    this.#flush();
    try {
      const outcome = earlier ?? (await this.#loadAndCall(functionId, args));
      if (outcome.kind !== "promised") return outcome;
      return { kind: "returned", value: await outcome.promise };
    } catch (error) {
      return { kind: "threw", error };
    }
  }

  /** Takes the next call from the batches. */
  #next(): { call: number; functionId: number; args: readonly unknown[] } | undefined {
    const [batch] = this.#batches;
    if (batch === undefined) return undefined;
    const start = this.#at + 3;
    const end = start + (batch[this.#at + 2] as number);
    const next = {
      call: batch[this.#at] as number,
      functionId: batch[this.#at + 1] as number,
      args: batch.slice(start, end),
    };
    this.#at = end;
    if (end === batch.length) {
      this.#batches.shift();
      this.#at = 0;
    }
    return next;
  }

  #push(call: number, outcome: Outcome): void {
    let error: unknown;
    if (outcome.kind === "threw") {
      error = outcome.error;
    } else {
      try {
        this.#results.push(call, false, this.#codec.packResult(outcome.value));
        return;
      } catch (refusal) {
        error = refusal; // it cannot be sent, or code of its own threw while it was read
      }
    }
    this.#results.push(call, true, this.#codec.packThrown(error));
  }

  #flush(): void {
    const nowMs = performance.now();
    const elapsedMs = nowMs - this.#batchStartMs;
    this.#batchStartMs = nowMs;
    const results = this.#results;
    if (results.length === 0) return;
    this.#results = [];
    try {
      this.#post(results, elapsedMs);
    } catch {
      // One of them cannot be sent: send each by itself, and that one as its error.
      for (let i = 0; i < results.length; i += 3) {
        this.#postAlone(results.slice(i, i + 3), (elapsedMs * 3) / results.length);
      }
    }
  }

  #postAlone(result: readonly unknown[], elapsedMs: number): void {
    try {
      this.#post(result, elapsedMs);
    } catch (refusal) {
      this.#postOtherwise(result, elapsedMs, refusal);
    }
  }

  #postOtherwise(
    [call, isThrown, packed]: readonly unknown[],
    elapsedMs: number,
    why: unknown,
  ): void {
    let error: unknown = sendError(packed, "result", why);
    try {
      const again = isThrown === true ? undefined : this.#codec.repackResult(packed);
      if (again !== undefined) return this.#post([call, false, again], elapsedMs);
    } catch (refusal) {
      error = refusal;
    }
    this.#post([call, true, this.#codec.packThrown(error)], elapsedMs);
  }

  #post(results: readonly unknown[], elapsedMs: number): void {
    const message: ResultsMessage = { kind: "results", results, elapsedMs };
    post(this.#port, message, results);
  }
}
