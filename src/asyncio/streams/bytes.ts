/** What users may give where bytes are wanted. */
import { kindOf } from "../../base/text.ts";

/** Bytes, as any kind of view of memory shows them, or text that stands for its UTF-8. Python: none */
export type Bytes = ArrayBufferView | ArrayBuffer | string;

let encoder: InstanceType<typeof TextEncoder> | undefined;

/** @throws {TypeError} It is neither bytes nor text; `attempt` says what they were wanted for. */
export function bytesFrom(given: Bytes, attempt: string): Uint8Array {
  if (typeof given === "string") return (encoder ??= new TextEncoder()).encode(given);
  if (given instanceof Uint8Array) return given;
  if (ArrayBuffer.isView(given)) {
    return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  }
  if ((given as unknown) instanceof ArrayBuffer) return new Uint8Array(given);
  throw new TypeError(`Cannot ${attempt}: expected bytes or a string, got ${kindOf(given)}`);
}
