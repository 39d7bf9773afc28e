/** Signals to the program that a loop handles. */
import { platform, server } from "#platform";
import { copyContents, currentContents } from "../../contextvars/contents.ts";
import { RuntimeError } from "../../errors.ts";
import { sessionOfCaller } from "../engine/caller.ts";
import { Call, type Callback } from "../engine/handle.ts";
import type { LoopCore, Session, SignalHandlers } from "../engine/loop-core.ts";

/** Has a loop call a function whenever the program gets the signal. */
export function addSignalHandler(
  loop: LoopCore,
  signal: string,
  callback: Callback,
  args: readonly unknown[],
): void {
  if (!server.isMainThread)
    throw new RuntimeError("Cannot add a signal handler: only the main thread gets signals");
  const session = sessionOfCaller(loop);
  const contents = copyContents(currentContents());
  const scope = platform.asyncScope();
  const stop = platform.onSignal(signal, () => {
    loop.iterations.push(new Call(loop.face, callback, args, contents, scope, session));
  });
  const handlers = (loop.signals ??= new Handlers()) as Handlers;
  handlers.remove(signal);
  handlers.add(signal, { stop, session });
}

interface Handler {
  readonly stop: () => void;
  /** The run for which. */
  readonly session: Session;
}

class Handlers implements SignalHandlers {
  readonly #bySignal = new Map<string, Handler>();

  add(signal: string, handler: Handler): void {
    this.#bySignal.set(signal, handler);
  }

  remove(signal: string): boolean {
    this.#bySignal.get(signal)?.stop();
    return this.#bySignal.delete(signal);
  }

  removeAll(session?: Session): void {
    for (const [signal, handler] of this.#bySignal)
      if (session === undefined || handler.session === session) this.remove(signal);
  }
}
