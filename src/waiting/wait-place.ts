/** Where agents wait inside a shared object's block, for what is no lock. */
import { platform } from "#platform";
import { CAPACITY } from "../program/program.ts";
import type { SharedBlock } from "../program/shared-object.ts";
import { AdaptiveSpin } from "../memory/adaptive-spin.ts";
import { WaitSet } from "../memory/wait-set.ts";
import type { Waitable } from "./waiting.ts";

const SPIN_MS = 0.15;

export class WaitPlace implements Waitable {
  readonly address: number;
  readonly verb: number;
  readonly waiters: WaitSet;
  readonly spin: AdaptiveSpin = new AdaptiveSpin(platform.parallelism() > 1 ? SPIN_MS : 0);

  /** Words that it needs. */
  static words(): number {
    return WaitSet.words(CAPACITY);
  }

  /**
   * @param at Index of its first word, in the block's memory.
   * @param verb What agents want here (see waiting.ts).
   */
  constructor({ address, program, words }: SharedBlock, at: number, verb: number) {
    this.address = address;
    this.verb = verb;
    this.waiters = new WaitSet(words, at, program.agents);
  }
}
