/** The options that every executor with workers has. */
import { resolveFunction } from "#functions";
import { server } from "#platform";
import { type AnyFunction, checkedFunction } from "../../base/functions.ts";
import { checkedCount } from "../../base/options.ts";
import { asText, kindOf } from "../../base/text.ts";
import type { CallCodec } from "../../pool/call-codec.ts";
import { type Giving, withAdvice } from "../../base/advice.ts";
import type { Initializer } from "../../pool/initargs.ts";
import type { OnDeath } from "../../pool/agent-kind.ts";

/** Workers of a pool that has had nothing to do for this many milliseconds end, to give back their memory. */
export const IDLE_MS = 30_000;

export interface WorkerOptions {
  readonly maxWorkers?: number | undefined;
  readonly initializer?: AnyFunction | undefined;
  readonly initargs?: readonly unknown[] | undefined;
  readonly onWorkerDeath?: OnDeath | undefined;
}

/** Most workers of a pool. Each has its place in the memory that a pool begins with. */
const MOST_WORKERS = 4096;

/** Those options as a pool takes them. */
export interface CheckedWorkerOptions {
  readonly maxWorkers: number;
  readonly initializer: Initializer | undefined;
  readonly onDeath: OnDeath;
}

/**
 * @param of The class that has the options, as errors say it.
 * @param codec Copies the initializer's arguments.
 * @throws {SendError} One of these cannot be sent.
 */
export function checkedWorkerOptions(
  options: WorkerOptions,
  of: string,
  codec: CallCodec,
): CheckedWorkerOptions {
  const { maxWorkers, initializer, initargs, onWorkerDeath = "replace" } = options;
  const count =
    maxWorkers === undefined ? server.parallelism() : checkedCount(maxWorkers, "maxWorkers", of);
  if (count > MOST_WORKERS)
    throw new RangeError(`${of}: "maxWorkers" must be at most ${MOST_WORKERS}, got ${count}`);
  if (initargs !== undefined && !Array.isArray(initargs)) {
    throw new TypeError(`${of}: "initargs" must be an array, got ${kindOf(initargs)}`);
  }
  if (initargs !== undefined && initializer === undefined) {
    throw new TypeError(`${of}: "initargs" requires "initializer"`);
  }
  if (!["replace", "break"].includes(onWorkerDeath)) {
    throw new TypeError(
      `${of}: "onWorkerDeath" must be "replace" or "break", got ${asText(onWorkerDeath)}`,
    );
  }
  return {
    maxWorkers: count,
    initializer: checkedInitializer(initializer, initargs ?? [], of, codec),
    onDeath: onWorkerDeath,
  };
}

function checkedInitializer(
  initializer: AnyFunction | undefined,
  args: readonly unknown[],
  of: string,
  codec: CallCodec,
): Initializer | undefined {
  if (initializer === undefined) return undefined;
  checkedFunction(initializer, `${of}: "initializer"`);
  const giving: Giving = (fn, values) => `{ initializer: ${fn}, initargs: [${values}] }`;
  const reference = withAdvice(giving, () => resolveFunction(initializer));
  if (reference instanceof Promise) {
    reference.catch(() => {});
    throw new TypeError(
      `${of}: "initializer" must not be in a module that awaits at its top level. Move it to its own file, or mark it with task()`,
    );
  }
  return { reference, args: codec.copyInitargs(args) };
}
