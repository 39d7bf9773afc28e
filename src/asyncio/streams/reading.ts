/** The ways of reading from a stream that count bytes. */
import { IncompleteReadError } from "../../errors.ts";
import { coroutine } from "../coroutine.ts";
import type { Awaitable, Coroutine } from "../coroutine-types.ts";
import type { Inflow } from "./inflow.ts";

const NOTHING: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** What is there, at most `count` bytes; waits only if nothing is. */
export const readSome: (inflow: Inflow, count: number) => Awaitable<Uint8Array> =
  /* @__PURE__ */ coroutine(function* (inflow: Inflow, count: number): Coroutine<Uint8Array> {
    inflow.throwIfBroken();
    if (count === 0) return new Uint8Array(0);
    if (inflow.buffer.length === 0 && !inflow.isEnded) yield* inflow.more("read");
    const bytes = inflow.buffer.take(count);
    inflow.noteRead();
    return bytes;
  });

/** All that comes until the end. */
export const readAll: (inflow: Inflow) => Awaitable<Uint8Array> = /* @__PURE__ */ coroutine(
  function* (inflow: Inflow): Coroutine<Uint8Array> {
    const blocks: Uint8Array[] = [];
    for (;;) {
      inflow.throwIfBroken();
      if (inflow.buffer.length === 0 && !inflow.isEnded) yield* inflow.more("read");
      const block = inflow.buffer.take(inflow.buffer.length);
      inflow.noteRead();
      if (block.length === 0) return joined(blocks);
      blocks.push(block);
    }
  },
);

/** Exactly `count` bytes. */
export const readExactly: (inflow: Inflow, count: number) => Awaitable<Uint8Array> =
  /* @__PURE__ */ coroutine(function* (inflow: Inflow, count: number): Coroutine<Uint8Array> {
    inflow.throwIfBroken();
    const { buffer } = inflow;
    while (buffer.length < count) {
      if (inflow.isEnded) {
        const partial = buffer.take(buffer.length);
        throw new IncompleteReadError(
          `Cannot read ${count} bytes: the stream ended after ${partial.length}`,
          { partial, expected: count },
        );
      }
      yield* inflow.more("readexactly");
    }
    const bytes = buffer.take(count);
    inflow.noteRead();
    return bytes;
  });

function joined(blocks: readonly Uint8Array[]): Uint8Array {
  if (blocks.length <= 1) return blocks[0] ?? NOTHING.slice();
  const whole = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
}
