/** The calls that a `map` is made of. */
import type { RowResults } from "../../pool/each-row.ts";
import { loadClass } from "../../program/value-codec.ts";
import { Call } from "../../pool/call.ts";
import { decodeThrown } from "../../wire/remote-error.ts";

/** The `map` that a call belongs to. Positions count its items. */
export interface MapCallOwner {
  fill(position: number, value: unknown): void;
  /** The same for a chunk of items that begins at `start`. */
  fillAll(start: number, values: readonly unknown[]): void;
  fail(position: number, error: unknown): void;
  cancel(call: MapCall, position: number): void;
}

/** The call for one item, or for a chunk of them. */
export class MapCall extends Call {
  readonly #run: MapCallOwner;
  readonly #position: number;
  readonly #isChunk: boolean;

  constructor(run: MapCallOwner, position: number, isChunk: boolean) {
    super();
    this.#run = run;
    this.#position = position;
    this.#isChunk = isChunk;
  }

  override succeed(value: unknown): void {
    if (!this.#isChunk) return this.#run.fill(this.#position, value);
    const { values, thrown } = value as RowResults;
    this.#run.fillAll(this.#position, values);
    if (thrown === undefined) return;
    const origin = { thread: this.ranOn, submitFrames: this.site?.frames() ?? "" };
    this.#run.fail(this.#position + values.length, decodeThrown(thrown, loadClass, origin));
  }

  override fail(error: unknown): void {
    this.#run.fail(this.#position, error);
  }

  override abort(): void {
    this.#run.cancel(this, this.#position);
  }
}
