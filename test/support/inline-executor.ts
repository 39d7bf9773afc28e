/** An executor without workers: it runs calls in the calling thread, one after the other, soon. */
import { OVER, type Call, type PoolState, type Wrapping } from "../../build/src/calls/call.js";
import { invoke } from "../../build/src/calls/invoke.js";
import { currentSite } from "../../build/src/calls/submit-site.js";
import { type CallRunner, PoolExecutor } from "../../build/src/concurrent/futures/pool-executor.js";
import { CannotBlockError, RuntimeError, SendError } from "../../build/src/errors.js";
import { POOL_WRAPPERS } from "../../build/src/pool/wrapping.js";
import { threadChannel } from "../../build/src/pool/call-codec.js";
import { decodeThrown, encodeThrown } from "../../build/src/wire/remote-error.js";
import { sendError } from "../../build/src/wire/send-error.js";
import { copyArguments } from "../../build/src/wire/send.js";
import { channelOf, type ClassReference } from "./channels.ts";

interface Job {
  readonly call: Call;
  readonly fn: Function;
  readonly args: readonly unknown[];
}

/** Classes of errors, which all have the same module here: this thread. */
const classes: Function[] = [];
const locate = (constructor: Function): ClassReference => ({
  url: "here",
  exportName: String(classes.push(constructor) - 1),
});
const channel = threadChannel(
  channelOf(locate, ({ exportName }) => classes[Number(exportName)]).code,
);

class InlineRunner implements CallRunner {
  readonly #waiting: Job[] = [];
  #running: Call | undefined;
  #isClosed = false;
  #listeners: (() => void)[] = [];

  submit(call: Call, fn: Function, args: readonly unknown[], wrapping: Wrapping): void {
    if (this.#isClosed) {
      throw new RuntimeError("Cannot submit a call: the executor has been shut down");
    }
    call.site ??= currentSite();
    const wrapped = POOL_WRAPPERS[wrapping]?.(fn, undefined) ?? fn;
    this.#waiting.push({ call, fn: wrapped, args: copyArguments(args, channel) });
    if (this.#running === undefined && this.#waiting.length === 1) void this.#runAll();
  }

  async #runAll(): Promise<void> {
    await Promise.resolve();
    for (let job; (job = this.#waiting.shift()) !== undefined;) {
      this.#running = job.call;
      try {
        const outcome = invoke(job.fn, job.args);
        if (outcome.kind === "threw") throw outcome.error;
        const value: unknown = outcome.kind === "promised" ? await outcome.promise : outcome.value;
        const copy = copyResult(value);
        job.call.id = OVER;
        job.call.ranOn = TITLE;
        job.call.succeed(copy);
      } catch (error) {
        const origin = { agent: TITLE, submitFrames: job.call.site?.frames() ?? "" };
        job.call.id = OVER;
        job.call.fail(decodeThrown(encodeThrown(error, channel), channel, origin));
      }
    }
    this.#running = undefined;
    if (this.isEnded) for (const listener of this.#listeners.splice(0)) listener();
  }

  cancel(call: Call): boolean {
    const index = this.#waiting.findIndex((job) => job.call === call);
    if (index === -1) return false;
    this.#waiting.splice(index, 1);
    call.id = OVER;
    return true;
  }

  cancelQueued(): void {
    for (const { call } of this.#waiting.slice()) call.abort();
  }

  order(): void {
    throw new Error("Calls are begun as they come");
  }

  isRunning(call: Call): boolean {
    return this.#running === call;
  }

  checkBlocking(): void {
    throw new CannotBlockError("Cannot block for a call that this thread is to run: await it");
  }

  close(): void {
    this.#isClosed = true;
  }

  get state(): PoolState {
    const queued = this.#waiting.length;
    const running = this.#running === undefined ? 0 : 1;
    return {
      refusal: this.#isClosed ? "shut down" : "",
      workers: 1,
      unsettled: running + queued,
      queued,
    };
  }

  get isEnded(): boolean {
    return this.#running === undefined && this.#waiting.length === 0;
  }

  async whenEnded(): Promise<void> {
    if (!this.isEnded) await new Promise<void>((resolve) => this.#listeners.push(resolve));
  }
}

const TITLE = 'thread "inline"';

function copyResult(value: unknown): unknown {
  try {
    return copyArguments([value], channel)[0];
  } catch (refusal) {
    if (refusal instanceof SendError) throw sendError(value, "result", refusal.cause);
    throw refusal;
  }
}

/** What users do not see of the class: its constructor. */
const Base = PoolExecutor as unknown as abstract new (
  name: string,
  title: string,
  runner: CallRunner,
  workers: number,
) => PoolExecutor;

export class InlineExecutor extends Base {
  constructor() {
    super("InlineExecutor", "InlineExecutor-0", new InlineRunner(), 1);
  }
}
