/** The ways of reading from a stream that count bytes. */
import type { Awaitable, Coroutine } from "../events.ts";
import { IncompleteReadError } from "../../errors.ts";
import { coroutine } from "../engine/coroutine.ts";
import type { Inflow } from "./inflow.ts";

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

/** All that comes until the end. What had come when the wait is cancelled is there for the next read. */
export const readAll: (inflow: Inflow) => Awaitable<Uint8Array> = /* @__PURE__ */ coroutine(
  function* (inflow: Inflow): Coroutine<Uint8Array> {
    const { buffer } = inflow;
    const blocks: Uint8Array[] = [];
    try {
      for (;;) {
        inflow.throwIfBroken();
        if (buffer.length === 0 && !inflow.isEnded) yield* inflow.more("read");
        if (buffer.length === 0) return joined(blocks);
        blocks.push(buffer.take(buffer.length));
        inflow.noteRead();
      }
    } catch (error) {
      blocks.push(buffer.take(buffer.length));
      buffer.append(joined(blocks));
      throw error;
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
  const [first] = blocks;
  if (first !== undefined && blocks.length === 1) return first;
  const whole = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
}
