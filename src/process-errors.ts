/** Errors that end processes, or say how they ended. */
import { recognizeByName } from "./error-names.ts";
import { asText } from "./base/text.ts";
import { RuntimeError } from "./errors.ts";

/**
 * A process ended in a way that its target did not choose: a signal ended it, an error that
 * nothing could catch, or it could not be started.
 *
 * Python: none
 *
 * @example
 * ```ts
 * import { ProcessDiedError } from "heddle";
 * import { Process } from "heddle/multiprocessing";
 *
 * const abort = (): void => process.abort();
 * const child = new Process({ target: abort, stderr: "ignore" });
 * child.start();
 * const error = await child.join().catch((error: unknown) => error);
 * if (error instanceof ProcessDiedError) console.log(error.signal); // SIGABRT
 * ```
 */
export class ProcessDiedError extends RuntimeError {
  override name = "ProcessDiedError";
  static {
    recognizeByName(this, "ProcessDiedError");
  }
  /** The process's name. Python: none */
  readonly process: string;
  /** Its process id; undefined if it could not be started. Python: none */
  readonly pid: number | undefined;
  /** The exit code that it left, if it left one. Python: none */
  readonly exitCode: number | undefined;
  /** The signal that ended it, such as `SIGKILL`. Python: none */
  readonly signal: string | undefined;

  /**
   * @param options.process The process's name.
   * @param options.pid Its process id.
   * @param options.exitCode The exit code that it left.
   * @param options.signal The signal that ended it.
   */
  constructor(
    message: string,
    options: ErrorOptions & {
      process: string;
      pid?: number | undefined;
      exitCode?: number | undefined;
      signal?: string | undefined;
    },
  ) {
    const { process, pid, exitCode, signal, ...cause } = { ...options };
    super(message, cause);
    this.process = process;
    this.pid = pid;
    this.exitCode = exitCode;
    this.signal = signal;
  }
}

/**
 * Ends the thread or process that throws it, without a report.
 *
 * Python: `SystemExit`
 *
 * @example
 * ```ts
 * import { SystemExit } from "heddle";
 * import { Process } from "heddle/multiprocessing";
 *
 * const leave = (): never => {
 *   throw new SystemExit(8);
 * };
 * const process = new Process({ target: leave });
 * process.start();
 * await process.join();
 * console.log(process.exitcode); // 8
 * ```
 */
export class SystemExit extends Error {
  override name = "SystemExit";
  static {
    recognizeByName(this, "SystemExit");
  }
  /** The exit code of the process; anything but a number or a boolean is printed, and makes it 1. Python: `SystemExit.code` */
  declare readonly code: unknown;

  /** @param code The exit code, or what to print. Default: 0. */
  constructor(code?: unknown) {
    super(code === undefined ? "" : asText(code));
    this.code = code;
  }
}

/**
 * A message did not fit into the buffer that it was to be written into.
 *
 * Python: `multiprocessing.BufferTooShort`
 *
 * @example
 * ```ts
 * import { BufferTooShort, Pipe } from "heddle/multiprocessing";
 *
 * const [receiver, sender] = Pipe({ duplex: false });
 * await sender.sendBytes(new Uint8Array([1, 2, 3]));
 * const error = await receiver.recvBytesInto(new Uint8Array(2)).catch((error: unknown) => error);
 * if (error instanceof BufferTooShort) console.log(error.bytes.length); // 3
 * ```
 */
export class BufferTooShort extends Error {
  override name = "BufferTooShort";
  static {
    recognizeByName(this, "BufferTooShort");
  }
  /** The whole message. Python: `BaseException.args` */
  readonly bytes: Uint8Array;

  /** @param options.bytes The message. */
  constructor(message: string, options: ErrorOptions & { bytes: Uint8Array }) {
    const { bytes, ...cause } = { ...options };
    super(message, cause);
    this.bytes = bytes;
  }
}
