import { Call } from "../../calls/call.ts";
import type { Giving } from "../../base/advice.ts";
import type { RowResults } from "../../pool/each-row.ts";
import { SHARED_CALLS } from "../../pool/call-codec.ts";
import { decodeThrown } from "../../wire/remote-error.ts";

/** The map that a call is part of. */
interface Results<R> {
  fill(position: number, value: unknown): void;
  /** The same for a chunk of items. */
  fillAll(start: number, values: readonly unknown[]): void;
  fail(position: number, error: unknown): void;
  cancel(call: MapCall<R>, position: number): void;
}

/** The call for one item, or for a chunk of them. */
export class MapCall<R> extends Call {
  readonly #run: Results<R>;
  readonly #position: number;
  readonly #isChunk: boolean;

  constructor(run: Results<R>, position: number, isChunk: boolean) {
    super();
    this.#run = run;
    this.#position = position;
    this.#isChunk = isChunk;
  }

  override get giving(): Giving {
    return (fn, values) => {
      const columns = values.split(", ").map((each) => `items.map(() => ${each})`);
      return `map(${[fn, "items", ...columns].join(", ")})`;
    };
  }

  override succeed(value: unknown): void {
    if (!this.#isChunk) return this.#run.fill(this.#position, value);
    const { values, thrown } = value as RowResults;
    this.#run.fillAll(this.#position, values);
    if (thrown === undefined) return;
    const origin = { agent: this.ranOn, submitFrames: this.site?.frames() ?? "" };
    this.#run.fail(
      this.#position + values.length,
      decodeThrown(thrown, SHARED_CALLS.receiver, origin),
    );
  }

  override fail(error: unknown): void {
    this.#run.fail(this.#position, error);
  }

  override abort(): void {
    this.#run.cancel(this, this.#position);
  }
}
