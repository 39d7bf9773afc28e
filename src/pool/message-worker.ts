/** A worker's side of a pool that works by messages alone, in a thread or a process. */
import type { Outcome } from "../calls/outcome.ts";
import type { Port } from "../platform/platform.ts";
import { CallInProgress, stopAsAsked } from "../calls/current-call.ts";
import { invoke, type Promised } from "../calls/invoke.ts";
import type { CallControl } from "../memory/call-control.ts";
import type { MessageCodec } from "./call-codec.ts";
import type { OwnerMessage, ResultsMessage } from "./messages.ts";
import { post } from "../wire/send.ts";
import { NotLoaded, whenLoaded } from "../wire/unpack.ts";
import { sendError } from "../wire/send-error.ts";
import type { ReceivedSignals } from "./signals.ts";
import type { WorkerFunctions } from "./worker-functions.ts";

/** Longest time that results are held back to be sent together, in milliseconds. */
const FLUSH_MS = 2;

interface NextCall {
  readonly call: number;
  readonly functionId: number;
  readonly args: readonly unknown[];
}

export interface MessageWorkerOptions {
  readonly port: Port;
  readonly functions: WorkerFunctions;
  readonly codec: MessageCodec;
  /** Gets the signals of the call that runs. */
  readonly signals: ReceivedSignals;
  /** Shared with what asks calls to stop; undefined where no memory can be shared. */
  readonly control: CallControl | undefined;
  /** Ends this agent, which nothing will be sent to any more. */
  readonly end: () => void;
}

export class MessageWorker {
  readonly #port: Port;
  readonly #functions: WorkerFunctions;
  readonly #codec: MessageCodec;
  readonly #end: () => void;
  readonly #signals: ReceivedSignals;
  readonly #control: CallControl | undefined;
  readonly #current: CallInProgress;
  /** Calls that were asked to stop by a message, which may come before the {@link CallControl} says so. */
  readonly #asked = new Set<number>();
  /** How many calls have been begun: the number of the next one. */
  #begun = 0;
  /** By function: whether its last call was quick. */
  readonly #wasQuick: boolean[] = [];
  /** Batches of calls, and how far the first one is done. */
  readonly #batches: (readonly unknown[])[] = [];
  #at = 0;
  #results: unknown[] = [];
  #batchStartMs = 0;
  /** Whether no call is over. The first result does not wait for `performance`, which takes Node 3 ms to load. */
  #isCold = true;
  #isRunning = false;
  #running = -1;

  constructor(options: MessageWorkerOptions) {
    this.#end = options.end;
    this.#signals = options.signals;
    this.#port = options.port;
    this.#functions = options.functions;
    this.#codec = options.codec;
    this.#control = options.control;
    this.#current = new CallInProgress(
      (functionId) => this.#functions.nameOf(functionId),
      (id) => this.#isAsked(id, this.#begun - 1),
    );
  }

  start(): void {
    this.#port.onMessage((message) => this.#receive(message as OwnerMessage));
    this.#port.ref();
  }

  #receive(message: OwnerMessage): void {
    if (message.kind === "function") this.#functions.add(message);
    else if (message.kind === "close") this.#end();
    else if (message.kind === "cancel") this.#noteRequest(message.call);
    else if (message.kind === "end") this.#stop();
    else if (message.kind === "calls") {
      this.#batches.push(message.calls);
      if (!this.#isRunning) void this.#runAll();
    }
  }

  #noteRequest(call: number): void {
    if (call === this.#running || this.#isAhead(call)) this.#asked.add(call);
    this.#current.look();
  }

  /** Whether the call has been sent and not begun. */
  #isAhead(call: number): boolean {
    for (const [index, batch] of this.#batches.entries()) {
      for (let at = index === 0 ? this.#at : 0; at < batch.length;) {
        if (batch[at] === call) return true;
        at += 3 + (batch[at + 2] as number);
      }
    }
    return false;
  }

  #isAsked(call: number, number: number): boolean {
    return this.#asked.has(call) || this.#control?.isAsked(number) === true;
  }

  /** The owner has taken the call that runs, and ends this agent: another one has its place. */
  #stop(): void {
    this.#flush();
    this.#end();
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    if (!this.#isCold) this.#batchStartMs = performance.now();
    let startMs = this.#batchStartMs;
    for (let next; (next = this.#next()) !== undefined;) {
      const { call, functionId, args } = next;
      const number = this.#begun++;
      this.#control?.begin(number);
      this.#running = call;
      // If it turns out to be a long one, what is finished must not wait for it.
      if (this.#wasQuick[functionId] !== true) this.#flush();
      const outcome = this.#isAsked(call, number)
        ? ({ kind: "threw", error: stopAsAsked() } as const)
        : this.#callNow(call, functionId, args);
      const settled =
        outcome === undefined || outcome.kind === "promised"
          ? await this.#callLater(outcome, next)
          : outcome;
      this.#current.end();
      this.#signals.end();
      this.#push(call, settled);
      this.#running = -1;
      this.#asked.delete(call);
      if (this.#control?.finish(number) === false) {
        this.#results.length -= 3;
        return this.#stop();
      }
      if (this.#isCold) {
        this.#flush();
        this.#isCold = false;
        startMs = this.#batchStartMs = performance.now();
        continue;
      }
      const nowMs = performance.now();
      this.#wasQuick[functionId] = nowMs - startMs < FLUSH_MS;
      startMs = nowMs;
      if (nowMs - this.#batchStartMs >= FLUSH_MS) this.#flush();
    }
    this.#flush();
    this.#isRunning = false;
  }

  /** Calls the function; undefined when it, or one of its arguments, must be loaded first. */
  #callNow(
    call: number,
    functionId: number,
    packed: readonly unknown[],
  ): Outcome | Promised | undefined {
    const fn = this.#functions.loaded(functionId);
    if (fn === undefined) return undefined;
    let args: readonly unknown[];
    try {
      args = this.#codec.unpackArguments(packed);
    } catch (error) {
      return error instanceof NotLoaded ? undefined : { kind: "threw", error };
    }
    this.#current.begin(call, functionId);
    return invoke(fn, args);
  }

  async #loadAndCall({ call, functionId, args: packed }: NextCall): Promise<Outcome | Promised> {
    const fn = await this.#functions.load(functionId);
    const args = await whenLoaded(() => this.#codec.unpackArguments(packed));
    if (this.#isAsked(call, this.#begun - 1)) throw stopAsAsked();
    this.#current.begin(call, functionId);
    return invoke(fn, args);
  }

  /** Waits for what a call promised, or loads the function and calls it. */
  async #callLater(earlier: Outcome | Promised | undefined, next: NextCall): Promise<Outcome> {
    this.#flush();
    try {
      const outcome = earlier ?? (await this.#loadAndCall(next));
      if (outcome.kind !== "promised") return outcome;
      return { kind: "returned", value: await outcome.promise };
    } catch (error) {
      return { kind: "threw", error };
    }
  }

  /** Takes the next call from the batches. */
  #next(): NextCall | undefined {
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
    let elapsedMs = Infinity;
    if (!this.#isCold) {
      const nowMs = performance.now();
      elapsedMs = nowMs - this.#batchStartMs;
      this.#batchStartMs = nowMs;
    }
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
