/** What all queues between processes do: a lane, of which every agent that has the queue has both ends. */
import { isPlainObject } from "../../base/options.ts";
import { Empty, Full, OSError, TimeoutError } from "../../errors.ts";
import { checkNotEvaluating } from "../../shipping/main-module.ts";
import { TAKES_NOTHING, type Waiting, waitingFor } from "../../waiting/task-waits.ts";
import type { CheckedWait, WaitOptions } from "../../waiting/wait-options.ts";
import { NotLoaded, whenLoaded } from "../../wire/unpack.ts";
import { HeldLanes } from "../channels/held-lanes.ts";
import { decodeNow, encodeMessage, type Outgoing, sendBy } from "../channels/message.ts";
import { READS, WRITES } from "../channels/frames.ts";
import type { Taken } from "../channels/inbox.ts";
import { HubGone, type LaneEnd, type SentLane } from "../channels/lane-end.ts";
import { createLane, openLane } from "../channels/post.ts";

/** What another agent makes a queue of. */
export interface QueueDescriptor {
  readonly lane: SentLane;
  readonly maxsize: number;
}

/** Whether heddle has made that, in another agent, for this one. */
export function isDescriptor(given: unknown): given is QueueDescriptor {
  return isPlainObject(given) && isPlainObject((given as Partial<QueueDescriptor>).lane);
}

export class ChannelQueue {
  readonly #name: string;
  readonly #held: HeldLanes;
  readonly #end: LaneEnd;
  /** 0 for no limit. */
  readonly maxsize: number;

  /**
   * @param name What errors call it.
   * @param given Most items, or 0; or what came from another agent.
   */
  constructor(name: string, given: number | QueueDescriptor) {
    this.#name = name;
    if (typeof given === "number") {
      checkNotEvaluating(`make a ${name}`);
      this.maxsize = given;
      this.#end = createLane(given === 0 ? undefined : given, false)(READS | WRITES);
      this.#end.hold();
    } else {
      this.maxsize = given.maxsize;
      this.#end = openLane(given.lane);
    }
    this.#held = new HeldLanes(this.#end, this.#end);
    // A wait holds this object, though its user may hold nothing but the promise.
    this.#held.keepUntilCollected(this);
  }

  describe(): QueueDescriptor {
    return { lane: this.#open("send").lend(), maxsize: this.maxsize };
  }

  put(item: unknown, options: WaitOptions | undefined, of: string): Waiting<void> {
    let message: Outgoing | undefined;
    const quick = (): true | undefined => {
      const end = this.#open("put into");
      message = encodeMessage(item, "item");
      return end.takeSlotNow() ? true : undefined;
    };
    const start = async (wait: CheckedWait): Promise<true> => {
      wait.signal?.throwIfAborted();
      const end = this.#open("put into");
      message ??= encodeMessage(item, "item");
      try {
        if (!(await end.takeSlot(wait))) throw this.#gone("put into");
      } catch (error) {
        throw error instanceof Empty ? this.#full() : error;
      }
      return true;
    };
    const taking = {
      deliver: () => sendBy(this.#end, message as Outgoing),
      giveBack: () => {
        this.#end.giveSlotBack();
        return true;
      },
    };
    return waitingFor(options, of, start, { taking, quick });
  }

  putSync(item: unknown, deadlineMs: number): void {
    const end = this.#open("put into");
    const message = encodeMessage(item, "item");
    try {
      if (!end.takeSlotSync(deadlineMs)) throw this.#gone("put into");
    } catch (error) {
      throw error instanceof Empty ? this.#full() : error;
    }
    sendBy(end, message);
  }

  #full(): Full {
    return new Full(`Cannot put into ${String(this)}: it is full`);
  }

  get(options: WaitOptions | undefined, of: string): Waiting<unknown> {
    interface Got {
      readonly taken: Taken;
      readonly item: unknown;
    }
    const got = async (taken: Taken): Promise<Got> => ({
      taken,
      item: await whenLoaded(() => decodeNow(taken.bytes as Uint8Array)),
    });
    const quick = (): Promise<Got> | undefined => {
      const taken = this.#open("get from").takeNow();
      return taken && got(taken);
    };
    const start = async (wait: CheckedWait): Promise<Got> => {
      const end = this.#open("get from");
      let taken: Taken | undefined;
      try {
        taken = await end.take(wait);
      } catch (error) {
        throw error instanceof Empty ? this.#empty() : error;
      }
      if (taken === undefined) throw this.#gone("get from");
      return got(taken);
    };
    const taking = {
      deliver: ({ item }: Got): unknown => item,
      giveBack: ({ taken }: Got): boolean => {
        this.#end.giveBack(taken);
        return true;
      },
    };
    return waitingFor(options, of, start, { taking, quick });
  }

  getSync(deadlineMs: number): unknown {
    const end = this.#open("get from");
    let taken: Taken | undefined;
    try {
      taken = end.takeSync(deadlineMs);
    } catch (error) {
      throw error instanceof Empty ? this.#empty() : error;
    }
    if (taken === undefined) throw this.#gone("get from");
    try {
      return decodeNow(taken.bytes as Uint8Array);
    } catch (error) {
      if (error instanceof NotLoaded) end.giveBack(taken);
      throw error;
    }
  }

  #empty(): Empty {
    return new Empty(`Cannot get from ${String(this)}: it is empty`);
  }

  /** How many items are inside; blocks until the process answers that made the queue. */
  get size(): number {
    return this.#asking("look into", (end) => end.sizeSync());
  }

  get isFull(): boolean {
    return this.maxsize > 0 && this.size >= this.maxsize;
  }

  close(): void {
    this.#held.close();
  }

  get isClosed(): boolean {
    return this.#held.isClosed;
  }

  /** Waits until all that was put is with the process that made the queue. */
  async flush(wait: CheckedWait): Promise<void> {
    await this.#end.flush(wait);
  }

  /** Reports one item done; false if all were. */
  taskDone(): boolean {
    return this.#asking("report an item of", (end) => end.doneSync());
  }

  join(options: WaitOptions | undefined, of: string): Waiting<void> {
    const join = async (wait: CheckedWait): Promise<void> => {
      const isDone = await this.#open("join")
        .allDone(wait)
        .catch((error: unknown) => this.#explain(error, "join"));
      if (!isDone) throw this.#notDone();
    };
    return waitingFor(options, of, join, { taking: TAKES_NOTHING, quick: undefined });
  }

  joinSync(deadlineMs: number): void {
    if (!this.#asking("join", (end) => end.allDoneSync(deadlineMs))) throw this.#notDone();
  }

  #notDone(): TimeoutError {
    return new TimeoutError("Timed out waiting for all items of the queue to be reported done");
  }

  toString(): string {
    const most = this.maxsize > 0 ? ` maxsize=${this.maxsize}` : "";
    return `<${this.#name}${most}${this.isClosed ? " closed" : ""}>`;
  }

  #open(attempt: string): LaneEnd {
    if (!this.isClosed) return this.#end;
    throw new OSError(`Cannot ${attempt} ${String(this)}: it is closed`, { code: "EBADF" });
  }

  /** Asks the process that has made the queue. */
  #asking<T>(attempt: string, ask: (end: LaneEnd) => T): T {
    const end = this.#open(attempt);
    try {
      return ask(end);
    } catch (error) {
      return this.#explain(error, attempt);
    }
  }

  #explain(error: unknown, attempt: string): never {
    throw error instanceof HubGone ? this.#gone(attempt) : error;
  }

  /** The process that has made the queue has ended; or this one has closed it meanwhile. */
  #gone(attempt: string): OSError {
    this.#open(attempt);
    return new OSError(
      `Cannot ${attempt} ${String(this)}: the process or thread that made it has ended`,
      { code: "EPIPE" },
    );
  }
}
