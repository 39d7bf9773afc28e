/** A worker's side of a pool that works by messages alone. */
import { platform } from "#platform";
import type { Port } from "../platform/platform.ts";
import { encodeThrown } from "../wire/remote-error.ts";
import { call, type Outcome } from "./call.ts";
import { locateClass } from "./error-classes.ts";
import type { OwnerMessage, ResultsMessage, TaskCall, TaskResult } from "./messages.ts";
import { postValue } from "./parcel.ts";
import type { WorkerFunctions } from "./worker-functions.ts";

/** Longest time that results are held back to be sent together, in milliseconds. */
const FLUSH_MS = 2;

export class MessageWorker {
  readonly #port: Port;
  readonly #functions: WorkerFunctions;
  readonly #queue: TaskCall[] = [];
  #results: TaskResult[] = [];
  #batchStartMs = 0;
  #isRunning = false;

  constructor(port: Port, functions: WorkerFunctions) {
    this.#port = port;
    this.#functions = functions;
  }

  start(): void {
    this.#port.onMessage((message) => this.#receive(message as OwnerMessage));
    this.#port.ref();
  }

  #receive(message: OwnerMessage): void {
    if (message.kind === "function") this.#functions.add(message);
    else if (message.kind === "close") platform.exit(0);
    else if (message.kind === "tasks") {
      this.#queue.push(...message.tasks);
      if (!this.#isRunning) void this.#runAll();
    }
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    this.#batchStartMs = performance.now();
    for (let next; (next = this.#queue.shift()) !== undefined;) {
      const [task, functionId, args] = next;
      const outcome = this.#callNow(functionId, args);
      const settled =
        outcome === undefined || outcome.kind === "promised"
          ? await this.#callLater(outcome, functionId, args)
          : outcome;
      this.#results.push(this.#encode(task, functionId, settled));
      if (performance.now() - this.#batchStartMs >= FLUSH_MS) this.#flush();
    }
    this.#flush();
    this.#isRunning = false;
  }

  /** Calls the function; undefined when it must be loaded first. */
  #callNow(functionId: number, args: readonly unknown[]): Outcome | undefined {
    const fn = this.#functions.loaded(functionId);
    return fn === undefined ? undefined : call(fn, args);
  }

  /** Waits for what a call promised, or loads the function and calls it. */
  async #callLater(
    earlier: Outcome | undefined,
    functionId: number,
    args: readonly unknown[],
  ): Promise<Settled> {
    this.#flush();
    try {
      const outcome = earlier ?? call(await this.#functions.load(functionId), args);
      if (outcome.kind !== "promised") return outcome;
      return { kind: "returned", value: await outcome.promise };
    } catch (error) {
      return { kind: "threw", error };
    }
  }

  #encode(task: number, functionId: number, outcome: Settled): TaskResult {
    if (outcome.kind === "returned") return [task, false, outcome.value];
    const module = this.#functions.moduleOf(functionId);
    return [
      task,
      true,
      encodeThrown(outcome.error, (constructor) => locateClass(constructor, module)),
    ];
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
      for (const result of results) this.#postAlone(result, elapsedMs / results.length);
    }
  }

  #postAlone(result: TaskResult, elapsedMs: number): void {
    try {
      this.#post([result], elapsedMs);
    } catch (error) {
      this.#post([[result[0], true, encodeThrown(error, () => undefined)]], elapsedMs);
    }
  }

  #post(results: readonly TaskResult[], elapsedMs: number): void {
    const message: ResultsMessage = { kind: "results", results, elapsedMs };
    const values = results.map((result) => result[2]);
    postValue(this.#port, message, values.length === 1 ? values[0] : values, "result");
  }
}

type Settled = Exclude<Outcome, { kind: "promised" }>;
