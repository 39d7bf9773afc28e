/**
 * A loop as any thread may use it: a {@link Loop} itself, or what it arrives as in another thread.
 *
 * A loop can be an argument or a message. In the other thread it has these methods
 * only; give it to {@link runCoroutineThreadsafe} to have a coroutine run.
 *
 * Python: `asyncio.AbstractEventLoop`, whose other methods must not be called from other threads
 */
export interface LoopHandle {
  /**
   * Has the loop call `fn(...args)` in its own thread, soon. Never waits.
   *
   * What the call throws is told to the loop's exception handler.
   *
   * Python: `asyncio.loop.call_soon_threadsafe`
   *
   * Differs: in another thread, the call cannot be cancelled.
   *
   * @param fn For another thread's loop, it takes along what it uses of its module.
   * @param args For another thread's loop, they are copied.
   * @throws {NotShippableError} The other thread could not run `fn`; says why and what to do.
   * @throws {SendError} An argument cannot be copied.
   * @throws {RuntimeError} The loop is closed, or its thread has ended.
   */
  callSoonThreadsafe<A extends unknown[]>(fn: (...args: A) => unknown, ...args: A): unknown;
  /** Whether the loop has been closed, or its thread has ended. Python: `asyncio.loop.is_closed` */
  isClosed(): boolean;
}
