/**
 * Which parts of a value are moved instead of copied.
 *
 * The user marks a buffer with {@link move}; objects that can only be moved
 * (ports, streams) are moved without a mark. The search for either walks the
 * value, so it happens only when there is a mark somewhere, or when a copy has
 * been refused.
 */
import { checkedObject } from "../base/options.ts";
import { threadRegistry } from "../base/registry.ts";
import { constructorName, someObject } from "./parts.ts";

/** What the thread's copies of heddle have marked. */
interface Marks {
  readonly marked: WeakSet<object>;
  /** Marks not yet used. While it is 0, no value needs to be walked. */
  pending: number;
}

let known: Marks | undefined;

function marks(): Marks {
  return (known ??= threadRegistry("moves@1", () => ({ marked: new WeakSet(), pending: 0 })));
}

/** Objects that structured clone refuses to copy and is willing to move, by constructor name. */
export const MOVE_ONLY: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "MessagePort",
  "ReadableStream",
  "WritableStream",
  "TransformStream",
]);

/**
 * Marks a buffer to be moved, not copied, with the next call or result that it
 * is part of. Moving costs the same whatever the size, and leaves the sender
 * with an empty buffer. A typed array moves with the whole buffer it views.
 *
 * Python: none
 *
 * @param value An `ArrayBuffer`, a typed array, a `DataView`, or any transferable object.
 * @returns The same value, so that it can be marked in place.
 * @throws {TypeError} `value` is not an object, or shared memory (which is never copied).
 *
 * @example Hand ten megabytes to a worker without copying them
 * ```ts
 * import { move } from "heddle";
 * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
 *
 * const pool = new ThreadPoolExecutor();
 * const pixels = new Uint8Array(10 * 2 ** 20);
 * const size = await pool.submit((bytes: Uint8Array) => bytes.length, move(pixels));
 * console.log(size, pixels.length); // 10485760 0
 * await pool.shutdown();
 * ```
 */
export function move<T extends object>(value: T): T {
  checkedObject(value, "move: value");
  const target = ArrayBuffer.isView(value) ? value.buffer : value;
  if (target instanceof SharedArrayBuffer) {
    throw new TypeError("Cannot move shared memory: it is never copied and needs no move()");
  }
  const state = marks();
  if (!state.marked.has(target)) {
    state.marked.add(target);
    state.pending++;
  }
  return value;
}

/** Marks those of the objects that are part of the value. */
export function markWithin(value: unknown, objects: ReadonlySet<object>): void {
  someObject(value, (part) => {
    const target = ArrayBuffer.isView(part) ? part.buffer : part;
    if (objects.has(target)) move(target);
    return false;
  });
}

/** Whether any mark is waiting to be used: only then {@link transferList} can find one. */
export function hasMarks(): boolean {
  return marks().pending > 0;
}

/** Whether an object is marked to be moved. */
export function isMarked(value: object): boolean {
  return known !== undefined && known.pending > 0 && known.marked.has(value);
}

/** Lists the marked parts of a value, and with `moveOnly` also those that cannot be copied; uses up the marks. */
export function transferList(value: unknown, moveOnly = false): object[] {
  const found = new Set<object>();
  const state = marks();
  someObject(value, (part) => {
    const target = ArrayBuffer.isView(part) ? part.buffer : part;
    if (state.marked.delete(target)) {
      state.pending--;
      found.add(target);
    } else if (moveOnly && MOVE_ONLY.has(constructorName(part))) {
      found.add(target);
    }
    return false;
  });
  return [...found];
}

/** Empties buffers whose copied bytes have been sent. One that has been emptied meanwhile stays so. */
export function detach(moved: readonly object[]): void {
  const transfer = (moved as ArrayBuffer[]).filter(({ byteLength }) => byteLength !== 0);
  if (transfer.length > 0) structuredClone(undefined, { transfer });
}
