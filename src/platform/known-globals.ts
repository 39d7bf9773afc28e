/** Names that mean the same in every worker that heddle can start, from Node 20 on. */
export const WORKER_GLOBALS: ReadonlySet<string> = /* @__PURE__ */ new Set(
  `
  undefined NaN Infinity globalThis
  Object Function Boolean Symbol Number BigInt Math Date String RegExp JSON Intl
  Array Map Set WeakMap WeakSet WeakRef FinalizationRegistry Promise Proxy Reflect Atomics
  ArrayBuffer SharedArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array
  Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float32Array Float64Array
  Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError
  parseInt parseFloat isNaN isFinite eval
  decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape
  console performance crypto fetch structuredClone queueMicrotask atob btoa WebAssembly
  setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate
  process Buffer global
  URL URLSearchParams TextEncoder TextDecoder TextEncoderStream TextDecoderStream
  AbortController AbortSignal Event EventTarget CustomEvent DOMException
  MessageChannel MessagePort MessageEvent BroadcastChannel
  Blob File FormData Headers Request Response
  ReadableStream ReadableStreamDefaultReader ReadableStreamBYOBReader WritableStream
  WritableStreamDefaultWriter TransformStream ByteLengthQueuingStrategy CountQueuingStrategy
  CompressionStream DecompressionStream
  Performance PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver
  Crypto CryptoKey SubtleCrypto
  `
    .trim()
    .split(/\s+/),
);

/**
 * Names that exist in some environments only. A function that asks for one with
 * `typeof` knows that, and may use it.
 */
export const PROBED_GLOBALS: ReadonlySet<string> = /* @__PURE__ */ new Set(
  `
  window document self navigator location history localStorage sessionStorage indexedDB
  requestAnimationFrame HTMLElement Node Element Image XMLHttpRequest WebSocket EventSource
  Worker SharedWorker importScripts WorkerGlobalScope DedicatedWorkerGlobalScope postMessage
  OffscreenCanvas Deno Bun require module exports __dirname __filename
  Iterator Float16Array Temporal DisposableStack AsyncDisposableStack SuppressedError
  AsyncContext scheduler reportError gc
  `
    .trim()
    .split(/\s+/),
);

/** Names that only some runtimes have, but each in all of its threads. */
const NATIVE_GLOBALS: ReadonlySet<string> = /* @__PURE__ */ new Set(
  `
  Iterator Float16Array Temporal DisposableStack AsyncDisposableStack SuppressedError Deno Bun
  navigator WebSocket EventSource URLPattern scheduler reportError Navigator Storage CloseEvent
  `
    .trim()
    .split(/\s+/),
);

/** Whether a name that no scope binds means in a worker what it means here. */
export function isWorkerGlobal(name: string): boolean {
  return WORKER_GLOBALS.has(name) || (NATIVE_GLOBALS.has(name) && name in globalThis);
}
