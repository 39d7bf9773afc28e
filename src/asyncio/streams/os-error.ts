/** Errors of the runtime, under the names that Python has for them. */
import {
  BrokenPipeError,
  ConnectionAbortedError,
  ConnectionRefusedError,
  ConnectionResetError,
  FileNotFoundError,
  OSError,
  PermissionError,
  ProcessLookupError,
  TimeoutError,
} from "../../errors.ts";

type OSErrorClass = new (
  message: string,
  options: ErrorOptions & { code?: string | undefined },
) => Error;

/** The class for each of the system's codes. */
function classFor(code: string): OSErrorClass {
  switch (code) {
    case "ECONNRESET":
      return ConnectionResetError;
    case "ECONNREFUSED":
      return ConnectionRefusedError;
    case "ECONNABORTED":
      return ConnectionAbortedError;
    case "EPIPE":
    case "ESHUTDOWN":
      return BrokenPipeError;
    case "ENOENT":
      return FileNotFoundError;
    case "EACCES":
    case "EPERM":
      return PermissionError;
    case "ESRCH":
      return ProcessLookupError;
    case "ETIMEDOUT":
      return TimeoutError;
    default:
      return OSError;
  }
}

/**
 * What the runtime reported, as an error of heddle's whose `cause` it is.
 *
 * Errors of a class of their own that name no code of the system or of TLS are no news from outside,
 * and stay what they are.
 */
export function osErrorFrom(error: unknown, attempt: string): unknown {
  if (error instanceof OSError) return error;
  const code = (error as { code?: unknown } | undefined)?.code;
  if (!(error instanceof Error)) return error;
  // Bun has no code for a host that it cannot find.
  if (typeof code !== "string")
    return error.name === "Error"
      ? new OSError(`Cannot ${attempt}: ${error.message}`, { cause: error })
      : error;
  // A wrong argument: the caller's mistake, which the runtime describes well.
  if (code.startsWith("ERR_INVALID_") || code.startsWith("ERR_OUT_OF_")) return error;
  const SystemError = classFor(code);
  // Several addresses were tried: each error says where.
  const reasons = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  const reason = reasons.map((one) => one.message).join("; ");
  return new SystemError(`Cannot ${attempt}: ${reason}`, { cause: error, code });
}
