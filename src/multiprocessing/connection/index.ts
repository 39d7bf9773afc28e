/// <reference lib="esnext.disposable" preserve="true" />
export type {
  Bytes,
  RecvBytesIntoOptions,
  RecvBytesIntoSyncOptions,
  RecvBytesOptions,
  RecvBytesSyncOptions,
  SendBytesOptions,
  SendBytesSyncOptions,
} from "./bytes.ts";
export { Connection } from "./connection.ts";
export { Pipe } from "./pipe.ts";
export type { PipeOptions } from "./pipe.ts";
export { wait } from "./wait.ts";
export type { Waitable } from "./wait.ts";
export { BufferTooShort } from "../../process-errors.ts";
