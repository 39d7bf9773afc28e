/** The coroutines that this agent has other threads' loops run. */
import { resolveFunction } from "#functions";
import { program } from "../../program/program.ts";
import { bindFuture, Future, type FutureOrigin } from "../../concurrent/futures/future.ts";
import { CannotBlockError, RuntimeError } from "../../errors.ts";
import { Queue } from "../../queue/queue.ts";
import { type Giving, withAdvice } from "../../base/advice.ts";
import { agentPump } from "../../waiting/pump.ts";
import { CALL, type Source } from "../../waiting/source.ts";
import type { RemoteLoop } from "./remote-loop.ts";
import type { Reply } from "./loop-inbox.ts";

/** A call whose reply is awaited. */
class RemoteCall implements FutureOrigin {
  readonly future: Future<unknown> = new Future();
  readonly handle: RemoteLoop;
  readonly #calls: RemoteCalls;
  readonly #id: number;

  constructor(calls: RemoteCalls, id: number, handle: RemoteLoop) {
    this.#calls = calls;
    this.#id = id;
    this.handle = handle;
    bindFuture(this.future, this);
  }

  cancel(): boolean {
    if (this.#calls.forget(this.#id)) this.handle.cancel(this.#id);
    return true;
  }

  isRunning(): boolean {
    return true;
  }

  checkBlocking(): void {
    if (!this.handle.isOwn) return;
    throw new CannotBlockError(
      "Cannot block for the result: the coroutine runs in the loop of this thread. Await it",
    );
  }
}

class RemoteCalls implements Source {
  readonly isAwaited = false;
  readonly #replies = new Queue<Reply>();
  readonly #calls = new Map<number, RemoteCall>();
  #made = 0;
  #deaths = program().agents.deaths;

  constructor() {
    agentPump().add(this);
  }

  start(handle: RemoteLoop, fn: Function, args: readonly unknown[]): Future<unknown> {
    const id = ++this.#made;
    const call = new RemoteCall(this, id, handle);
    this.#calls.set(id, call);
    agentPump().begin(CALL);
    const send = (reference: Awaited<ReturnType<typeof resolveFunction>>): void => {
      const { agents, slot: asker } = program();
      handle.send({
        kind: "run",
        reference,
        args,
        id,
        asker,
        agent: agents.agentAt(asker),
        replies: this.#replies,
      });
    };
    try {
      const giving: Giving = (called, values) =>
        `runCoroutineThreadsafe(${called}, [${values}], loop)`;
      const reference = withAdvice(giving, () => resolveFunction(fn));
      if (reference instanceof Promise) {
        void reference.then(send).catch((error: unknown) => this.#fail(id, error));
      } else send(reference);
    } catch (error) {
      this.forget(id);
      throw error;
    }
    return call.future;
  }

  /** Says whether its reply was awaited. */
  forget(id: number): boolean {
    if (!this.#calls.delete(id)) return false;
    agentPump().end(CALL);
    return true;
  }

  #fail(id: number, error: unknown): void {
    const call = this.#calls.get(id);
    if (this.forget(id)) call?.future.setException(error);
  }

  hasNews(): boolean {
    if (this.#calls.size === 0) return false;
    return !this.#replies.empty() || program().agents.deaths !== this.#deaths;
  }

  drain(limit: number): number {
    let taken = 0;
    for (; taken < limit && !this.#replies.empty(); taken++)
      this.#settle(this.#replies.getNowait());
    return taken + this.#noticeDeaths();
  }

  #settle(reply: Reply): void {
    const { id } = reply;
    const future = this.#calls.get(id)?.future;
    if (!this.forget(id) || future === undefined) return; // cancelled meanwhile
    if (reply.kind === "returned") future.setResult(reply.value);
    else if (reply.kind === "threw") future.setException(reply.error);
    else future.cancel();
  }

  #noticeDeaths(): number {
    const { deaths } = program().agents;
    if (deaths === this.#deaths) return 0;
    this.#deaths = deaths;
    const orphans = [...this.#calls].filter(([, { handle }]) => !handle.isAlive);
    for (const [id] of orphans) {
      this.#fail(
        id,
        new RuntimeError("Cannot finish the call: the thread of its event loop has ended"),
      );
    }
    return orphans.length;
  }

  watchWhileBlocked(): void {}

  mayGoOn(): boolean {
    return this.#calls.size > 0;
  }
}

let calls: RemoteCalls | undefined;

/** Has another thread's loop run what the function returns. */
export function runRemotely(
  handle: RemoteLoop,
  fn: Function,
  args: readonly unknown[],
): Future<unknown> {
  return (calls ??= new RemoteCalls()).start(handle, fn, args);
}
