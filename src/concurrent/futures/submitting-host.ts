/** The calls of a `map`, for an executor that only has a `submit`. */
import { kindOf } from "../../base/text.ts";
import type { AnyFunction } from "../../base/functions.ts";
import { type Call, type CallHost, OVER } from "../../calls/call.ts";
import { CancelledError } from "../../errors.ts";
import { NEVER } from "../../memory/deadline.ts";
import { server } from "#platform";
import { checkBlockingFor, Future } from "./future.ts";

/** An executor, as far as its calls go. */
interface Submits {
  submit(fn: AnyFunction, ...args: unknown[]): unknown;
}

/** What a map asks of an executor, by means of its `submit`. */
export function submittingHost(executor: Submits): CallHost {
  const futures = new WeakMap<Call, Future<unknown>>();
  return {
    workers: server.parallelism(),
    callsRows: false,
    start(call, fn, args) {
      const future = executor.submit(fn as AnyFunction, ...args);
      if (!(future instanceof Future)) {
        throw new TypeError(
          `${executor.constructor.name}.submit must return a Future, got ${kindOf(future)}`,
        );
      }
      call.id = SUBMITTED;
      futures.set(call, future);
      future.addDoneCallback(() => settle(call, future));
    },
    cancel: (call) => futures.get(call)?.cancel() ?? false,
    isRunning: (call) => futures.get(call)?.running() ?? false,
    checkBlocking(call) {
      const future = call && futures.get(call);
      if (future !== undefined) checkBlockingFor([future], NEVER);
    },
  };
}

/** What a call is known by here. */
const SUBMITTED = 0;

function settle(call: Call, future: Future<unknown>): void {
  call.id = OVER;
  if (future.cancelled()) return call.fail(new CancelledError("The call was cancelled"));
  let value: unknown;
  try {
    value = future.resultSync();
  } catch (error) {
    return call.fail(error);
  }
  call.succeed(value);
}
