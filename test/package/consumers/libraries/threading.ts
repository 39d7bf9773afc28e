/** A library's exports without written types: its declarations name what heddle/threading exports. */
import {
  type Barrier,
  type BrokenBarrierError,
  type Condition,
  dump,
  type Event,
  Lock,
  type RLock,
  type Semaphore,
  Thread,
  ThreadLocal,
  type Timer,
} from "heddle/threading";

const lock = new Lock();
export const acquired = () => lock.acquire();
export const held = () => lock.hold();
export const locks = (other: Lock) => [other.withSync, other.acquireSync];
export const reentered = (rlock: RLock) => rlock.hold();
export const permit = (semaphore: Semaphore) => semaphore.acquire;
export const predicate = (condition: Condition) => condition.waitFor(() => 1);
export const position = (barrier: Barrier) => barrier.wait();
export const reason = (error: BrokenBarrierError) => error.reason;
export const happened = (event: Event) => event.wait();
export const joined = (thread: Thread<number>) => thread.join();
export const thread = new Thread({ target: (n: number) => n, args: [1] });
export const values = new ThreadLocal(() => ({ n: 1 }));
export const finished = (timer: Timer) => timer.finished;
export const dumped = dump;
