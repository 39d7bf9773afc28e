import type { AnyFunction } from "../../base/functions.ts";
import type { OverloadArguments, OverloadResult } from "../../base/call-types.ts";
import { showAsText } from "../../base/text.ts";
import { type Call, type CallHost, OVER, type Wrapping } from "../../calls/call.ts";
import { FunctionSites } from "../../calls/submit-site.ts";
import { namedEntries } from "../../contextvars/entries.ts";
import { TimeoutError } from "../../errors.ts";
import { cancelledBy } from "../../calls/call-limits.ts";
import { isSuppressed } from "../../shipping/main-module.ts";
import { markWithin } from "../../wire/transfer.ts";
import type { CheckedCallOptions } from "./call-options.ts";
import { Executor, setCallHost, type ShutdownOptions } from "./executor.ts";
import type { Future } from "./future.ts";

/** Submits a call to a host, and returns its future. */
export type SubmitTo = (
  host: CallHost,
  fn: AnyFunction,
  args: readonly unknown[],
) => Future<unknown>;

/** An executor that consoles show. */
type ShownExecutor = Executor & { toString(): string };

/** An executor's workers, with options for the calls that are submitted here. Not public. */
export class ExecutorView extends Executor {
  static {
    showAsText(this.prototype);
  }

  readonly #executor: ShownExecutor;
  readonly #host: CallHost;
  readonly #submit: SubmitTo;

  constructor(
    executor: ShownExecutor,
    host: CallHost,
    options: CheckedCallOptions,
    submit: SubmitTo,
  ) {
    super();
    this.#executor = executor;
    this.#submit = submit;
    this.#host = hostWith(host, options);
    setCallHost(this, this.#host);
  }

  submit<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Future<Awaited<R>>;
  submit<F extends AnyFunction, A extends OverloadArguments<F>>(
    fn: F,
    ...args: A
  ): Future<Awaited<OverloadResult<F, A>>>;
  submit(fn: AnyFunction, ...args: unknown[]): Future<unknown> {
    return this.#submit(this.#host, fn, args);
  }

  override shutdown(options?: ShutdownOptions): Promise<void> {
    return this.#executor.shutdown(options);
  }

  override shutdownSync(options?: ShutdownOptions): void {
    this.#executor.shutdownSync(options);
  }

  override toString(): string {
    return this.#executor.toString();
  }
}

/** A host whose calls have these options. */
function hostWith(host: CallHost, { wishes, transfer, context }: CheckedCallOptions): CallHost {
  const { signal, deadlineMs, name } = wishes;
  const sites = new FunctionSites();
  const isSurrounded = name !== undefined || context !== undefined;
  const start = (call: Call, fn: Function, args: readonly unknown[], wrapping?: Wrapping): void => {
    const isOver = signal?.aborted === true || deadlineMs <= performance.now();
    if (isOver && !isSuppressed()) {
      call.id = OVER;
      return signal?.aborted === true
        ? call.stopped(cancelledBy(signal))
        : call.fail(new TimeoutError("The deadline had passed when the call was submitted"));
    }
    call.wishes = wishes;
    call.site ??= sites.of(fn);
    if (transfer !== undefined) markWithin(args, transfer);
    if (!isSurrounded) return host.start(call, fn, args, wrapping);
    const entries = context && namedEntries(context);
    host.start(call, fn, [[name, entries], ...args], "context");
  };
  return isSurrounded ? { ...host, callsRows: false, start } : { ...host, start };
}
