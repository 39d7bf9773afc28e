/** The lanes that an object of the user's has, until it is closed or has been collected. */
import type { LaneEnd } from "./lane-end.ts";

const collected = /* @__PURE__ */ new FinalizationRegistry<HeldLanes>((lanes) => lanes.close());

export class HeldLanes {
  readonly reads: LaneEnd | undefined;
  readonly writes: LaneEnd | undefined;
  #isClosed = false;

  /** Both are held already. */
  constructor(reads: LaneEnd | undefined, writes: LaneEnd | undefined) {
    this.reads = reads;
    this.writes = writes;
  }

  keepUntilCollected(object: object): void {
    collected.register(object, this);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.reads?.release();
    if (this.writes !== this.reads) this.writes?.release();
  }
}
