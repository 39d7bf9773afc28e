/** Buffers, which every server has and structured clone takes for views of bytes. */

interface BufferClass {
  readonly prototype: Uint8Array;
  from(buffer: ArrayBufferLike, byteOffset: number, length: number): Uint8Array;
}

/** Asked again each time: a program may have none until it imports "node:buffer". */
function bufferClass(): BufferClass | undefined {
  return (globalThis as { readonly Buffer?: BufferClass }).Buffer;
}

export function isBuffer(view: ArrayBufferView): view is Uint8Array {
  return Object.getPrototypeOf(view) === bufferClass()?.prototype;
}

/** Makes a Buffer on the same memory. Where there are none, as in browsers, the bytes arrive. */
export function asBuffer(bytes: Uint8Array): Uint8Array {
  return bufferClass()?.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) ?? bytes;
}
