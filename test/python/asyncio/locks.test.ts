/** asyncio's Lock, Event, Condition, Semaphore and Barrier. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CancelledError, RuntimeError, TimeoutError } from "heddle";
import {
  Barrier,
  BoundedSemaphore,
  BrokenBarrierError,
  Condition,
  Event,
  gather,
  Lock,
  Loop,
  Semaphore,
  sleep,
  type Task,
  waitFor,
} from "heddle/asyncio";
import {
  errorOf,
  inStyle,
  runVirtual,
  type Steps,
  STYLES,
} from "../../support/asyncio/both-styles.ts";

const byNumber = (a: number, b: number): number => a - b;

/** Lets so many iterations go by. */
function* turns(count: number): Steps<void> {
  for (let i = 0; i < count; i++) yield sleep(0);
}

/** Each of them can be waited for in a loop of its own: the first is bound by that. */
function bindsToItsLoop(make: () => { first: () => Steps<unknown>; second: () => Steps<unknown> }) {
  return async (): Promise<void> => {
    for (const style of STYLES) {
      const { first, second } = make();
      const { co } = inStyle(style);
      await runVirtual(co(first));
      await assert.rejects(runVirtual(co(second)), {
        name: "RuntimeError",
        message: /bound to a different event loop/,
      });
    }
  };
}

describe("asyncio's primitives", () => {
  it("AL-002 locks, events, conditions and semaphores are not awaitable themselves", () => {
    for (const primitive of [new Lock(), new Event(), new Condition(), new Semaphore()]) {
      assert.equal("then" in primitive || Symbol.iterator in primitive, false);
    }
  });

  it("AL-055 nor is a barrier", () => {
    const barrier = new Barrier(1);
    assert.equal("then" in barrier || Symbol.iterator in barrier, false);
  });

  it("AL-003 take no loop", () => {
    const loop = new Loop() as never;
    assert.throws(() => new (Lock as new (loop: Loop) => Lock)(loop), TypeError);
    assert.throws(() => new (Event as new (loop: Loop) => Event)(loop), TypeError);
    assert.throws(() => new Condition(loop), TypeError);
    assert.throws(() => new Semaphore(loop), TypeError);
    assert.throws(() => new Barrier(loop), TypeError);
  });
});

for (const style of STYLES) {
  const { co, spawn, main } = inStyle(style);

  describe(`asyncio.Lock, ${style.name}`, () => {
    it("AL-001 the string form", async () => {
      const lock = new Lock();
      assert.equal(String(lock), "<Lock unlocked>");
      await main(function* () {
        yield lock.acquire();
        const waiting = spawn(() => lockAndRelease(lock));
        yield* turns(1);
        assert.equal(String(lock), "<Lock locked, waiters:1>");
        lock.release();
        yield waiting;
      });
    });

    it("AL-005 acquire gives true", async () => {
      await main(function* () {
        assert.equal(yield new Lock().acquire(), true);
      });
    });

    it("AL-006 a cancelled waiter leaves nothing behind", async () => {
      await main(function* () {
        const lock = new Lock();
        yield lock.acquire();
        const task = spawn(() => lockAndRelease(lock));
        yield* turns(1);
        task.cancel();
        assert.ok((yield* errorOf(task)) instanceof CancelledError);
        assert.equal(String(lock), "<Lock locked>");
      });
    });

    it("AL-007 the first waiter is cancelled as the holder releases: the second gets the lock", async () => {
      await main(function* () {
        const lock = new Lock();
        yield lock.acquire();
        const [first, second] = [spawn(() => acquire(lock)), spawn(() => acquire(lock))];
        yield* turns(1);
        first.cancel();
        lock.release();
        assert.equal(yield second, true);
        assert.ok(first.cancelled());
        assert.ok(lock.locked());
      });
    });

    it("AL-009 a waiter that is woken and then cancelled passes the lock on", async () => {
      await main(function* () {
        const lock = new Lock();
        yield lock.acquire();
        const [first, second] = [spawn(() => acquire(lock)), spawn(() => acquire(lock))];
        yield* turns(1);
        lock.release();
        first.cancel();
        assert.equal(yield second, true);
        assert.ok(first.cancelled());
      });
    });

    it("is fair: a newcomer stands behind who waits, also while the lock is free for a moment", async () => {
      await main(function* () {
        const lock = new Lock();
        const order: string[] = [];
        yield lock.acquire();
        const take = (name: string): Task<void> =>
          spawn(function* () {
            yield lock.acquire();
            order.push(name);
            lock.release();
          });
        const waiting = [take("first"), take("second")];
        yield* turns(1);
        lock.release();
        assert.equal(lock.locked(), false);
        yield lock.acquire();
        order.push("newcomer");
        lock.release();
        yield gather(waiting);
        assert.deepEqual(order, ["first", "second", "newcomer"]);
      });
    });

    it("AL-011 a release without waiters leaves the lock free; a second one is an error", async () => {
      await main(function* () {
        const lock = new Lock();
        yield lock.acquire();
        lock.release();
        assert.equal(lock.locked(), false);
        assert.throws(() => lock.release(), RuntimeError);
      });
    });

    it("AL-012 the scoped forms lock inside and unlock outside", async () => {
      await main(function* () {
        const lock = new Lock();
        const body = co(function* () {
          assert.ok(lock.locked());
          yield sleep(1);
          return "done";
        });
        assert.equal(yield lock.with(body), "done");
        assert.equal(lock.locked(), false);
        const failing = lock.with(() => {
          throw new SyntaxError("in the body");
        });
        assert.ok((yield* errorOf(failing)) instanceof SyntaxError);
        assert.equal(lock.locked(), false);
        const held = (yield lock.hold()) as { release: () => void };
        assert.ok(lock.locked());
        held.release();
        held.release();
        assert.equal(lock.locked(), false);
      });
    });
  });

  describe(`asyncio.Event, ${style.name}`, () => {
    it("AL-015 set wakes all in the order in which they came; who finds it set goes ahead", async () => {
      await main(function* () {
        const event = new Event();
        const order: number[] = [];
        const waiter = (number: number): Task<void> =>
          spawn(function* () {
            yield event.wait();
            order.push(number);
          });
        const waiting = [waiter(1), waiter(2)];
        yield* turns(1);
        event.set();
        const late = waiter(3);
        yield gather([...waiting, late]);
        assert.deepEqual(order, [1, 2, 3]);
        const again = [waiter(4)];
        event.clear();
        yield* turns(1);
        event.set();
        yield event.wait();
        order.push(5);
        yield gather(again);
        assert.deepEqual(order, [1, 2, 3, 5, 4]);
      });
    });

    it("AL-016 wait on a set event gives true at once", async () => {
      await main(function* () {
        const event = new Event();
        event.set();
        assert.equal(yield event.wait(), true);
      });
    });

    it("AL-018 clear takes the flag back", () => {
      const event = new Event();
      event.set();
      assert.ok(event.isSet());
      event.clear();
      assert.equal(event.isSet(), false);
      assert.equal(String(event), "<Event unset>");
    });

    it("AL-019 set, clear, set, set wake a waiter once", async () => {
      await main(function* () {
        const event = new Event();
        let times = 0;
        const task = spawn(function* () {
          yield event.wait();
          times++;
        });
        yield* turns(1);
        event.set();
        event.clear();
        event.set();
        event.set();
        yield task;
        assert.equal(times, 1);
        assert.equal(String(event), "<Event set>");
      });
    });
  });

  describe(`asyncio.Condition, ${style.name}`, () => {
    /** A task that waits for the condition, notes its number, and releases. */
    const waiterOf = (condition: Condition, woken: number[], number: number): Task<boolean> =>
      spawn(function* () {
        yield condition.acquire();
        try {
          const result: boolean = yield condition.wait();
          woken.push(number);
          return result;
        } finally {
          condition.release();
        }
      });

    it("AL-020 waiters are woken in order, each when it can have the lock", async () => {
      await main(function* () {
        const condition = new Condition();
        const woken: number[] = [];
        const tasks = [1, 2].map((number) => waiterOf(condition, woken, number));
        yield* turns(2);
        assert.deepEqual(woken, []);
        yield condition.acquire();
        condition.notify();
        yield* turns(2);
        assert.deepEqual(woken, []);
        condition.release();
        yield* turns(2);
        assert.deepEqual(woken, [1]);
        yield condition.with(() => condition.notify());
        yield gather(tasks);
        assert.deepEqual(woken, [1, 2]);
        assert.ok(tasks.every((task) => task.result()));
      });
    });

    it("AL-022 notify(2) wakes two, one after the other", async () => {
      await main(function* () {
        const condition = new Condition();
        const woken: number[] = [];
        const tasks = [1, 2, 3].map((number) => waiterOf(condition, woken, number));
        yield* turns(1);
        yield condition.acquire();
        condition.notify(2);
        condition.release();
        yield* turns(5);
        assert.deepEqual(woken, [1, 2]);
        assert.equal(tasks[2]!.done(), false);
        yield condition.with(() => condition.notify());
        yield gather(tasks);
      });
    });

    it("AL-021 notify lets nobody run before the notifier releases", async () => {
      await main(function* () {
        const condition = new Condition();
        const woken: number[] = [];
        const task = waiterOf(condition, woken, 1);
        yield* turns(1);
        yield condition.acquire();
        condition.notify();
        yield* turns(5);
        assert.deepEqual(woken, []);
        condition.release();
        yield task;
        assert.deepEqual(woken, [1]);
      });
    });

    it("AL-023 a cancelled wait holds the lock again, and leaves no waiter", async () => {
      await main(function* () {
        const condition = new Condition();
        let wasLocked = false;
        const task = spawn(function* () {
          yield condition.acquire();
          try {
            yield condition.wait();
          } finally {
            wasLocked = condition.locked();
            condition.release();
          }
        });
        yield* turns(1);
        assert.equal(String(condition), "<Condition unlocked, waiters:1>");
        task.cancel();
        assert.ok((yield* errorOf(task)) instanceof CancelledError);
        assert.ok(wasLocked);
        assert.equal(String(condition), "<Condition unlocked>");
      });
    });

    it("AL-026 wait without the lock is an error", async () => {
      await main(function* () {
        assert.ok((yield* errorOf(new Condition().wait())) instanceof RuntimeError);
      });
    });

    it("AL-031 notify without the lock is an error", () => {
      const condition = new Condition();
      assert.throws(() => condition.notify(), RuntimeError);
      assert.throws(() => condition.notifyAll(), RuntimeError);
    });

    it("AL-027 waitFor asks again after each notification", async () => {
      await main(function* () {
        const condition = new Condition();
        let [asked, value] = [0, 0];
        const task = spawn(function* () {
          yield condition.acquire();
          const result: number = yield condition.waitFor(() => {
            asked++;
            return value >= 2 && value;
          });
          condition.release();
          return result;
        });
        yield* turns(1);
        for (value = 1; value <= 2; value++) {
          yield condition.with(() => condition.notify());
          yield* turns(2);
          if (value === 2) break;
        }
        assert.equal(yield task, 2);
        assert.equal(asked, 3);
      });
    });

    it("AL-028 waitFor without the lock: fine if it need not wait", async () => {
      await main(function* () {
        const condition = new Condition();
        assert.equal(yield condition.waitFor(() => 7), 7);
        assert.ok((yield* errorOf(condition.waitFor(() => false))) instanceof RuntimeError);
      });
    });

    it("AL-029 notify(1), then notify(2048)", async () => {
      await main(function* () {
        const condition = new Condition();
        const woken: number[] = [];
        const tasks = [1, 2, 3].map((number) => waiterOf(condition, woken, number));
        yield* turns(1);
        yield condition.with(() => condition.notify(1));
        yield* turns(3);
        assert.deepEqual(woken, [1]);
        yield condition.with(() => condition.notify(2048));
        yield gather(tasks);
        assert.deepEqual(woken, [1, 2, 3]);
      });
    });

    it("AL-032 the string form", async () => {
      await main(function* () {
        const condition = new Condition();
        assert.equal(String(condition), "<Condition unlocked>");
        yield condition.acquire();
        assert.equal(String(condition), "<Condition locked>");
        condition.release();
      });
    });

    it("AL-033 the scoped form locks the lock underneath", async () => {
      await main(function* () {
        const lock = new Lock();
        const condition = new Condition(lock);
        yield condition.with(() => assert.ok(lock.locked()));
        assert.equal(lock.locked(), false);
      });
    });

    it("AL-036 a wait that times out holds the lock again", async () => {
      await main(function* () {
        const condition = new Condition();
        yield condition.acquire();
        assert.ok((yield* errorOf(waitFor(condition.wait(), 100))) instanceof TimeoutError);
        assert.ok(condition.locked());
        condition.release();
      });
    });

    it("AL-037 what is thrown is the cancellation itself, with its message", async () => {
      await main(function* () {
        const condition = new Condition();
        const caught: CancelledError[] = [];
        const wait = (): Steps<void> => waitAndCatch(condition, caught);
        const task = spawn(wait);
        yield* turns(1);
        yield condition.acquire();
        condition.notify();
        yield* turns(1);
        task.cancel("while it takes the lock again");
        yield* turns(1);
        condition.release();
        const error = (yield* errorOf(task)) as CancelledError;
        assert.equal(error.msg, "while it takes the lock again");
        const other = spawn(wait);
        yield* turns(1);
        other.cancel("while it waits");
        assert.equal(((yield* errorOf(other)) as CancelledError).msg, "while it waits");
        assert.deepEqual(
          caught.map(({ msg }) => msg),
          ["while it takes the lock again", "while it waits"],
        );
      });
    });

    const passesOn = (isLate: boolean) => async (): Promise<void> => {
      await main(function* () {
        const condition = new Condition();
        const items: string[] = [];
        const consumed: string[] = [];
        const consumer = (): Task<void> =>
          spawn(function* () {
            yield condition.acquire();
            try {
              while (items.length === 0) yield condition.wait();
              consumed.push(items.pop()!);
            } finally {
              condition.release();
            }
          });
        const [first, second] = [consumer(), consumer()];
        yield* turns(2);
        yield condition.acquire();
        items.push("the item");
        condition.notify();
        if (isLate) yield* turns(1); // it queues for the lock by now
        first.cancel();
        condition.release();
        assert.ok((yield* errorOf(first)) instanceof CancelledError);
        yield second;
        assert.deepEqual(consumed, ["the item"]);
      });
    };
    it(
      "AL-038 a waiter that is notified and cancelled passes the notification on",
      passesOn(false),
    );
    it("AL-039 also if it queues for the lock by then", passesOn(true));
  });

  describe(`asyncio.Semaphore, ${style.name}`, () => {
    it("AL-042 the string form", async () => {
      await main(function* () {
        const semaphore = new Semaphore();
        assert.equal(String(semaphore), "<Semaphore unlocked, value:1>");
        yield semaphore.acquire();
        const waiting = spawn(() => acquire(semaphore));
        yield* turns(1);
        assert.equal(String(semaphore), "<Semaphore locked, waiters:1>");
        semaphore.release();
        yield waiting;
        assert.equal(String(semaphore), "<Semaphore locked>");
        assert.equal(String(new BoundedSemaphore(2)), "<BoundedSemaphore unlocked, value:2>");
      });
    });

    it("AL-043 as many go on as there are permits", async () => {
      await main(function* () {
        const semaphore = new Semaphore(3);
        yield semaphore.acquire();
        yield semaphore.acquire();
        assert.equal(semaphore.locked(), false);
        const tasks = [1, 2, 3].map(() => spawn(() => acquire(semaphore)));
        yield* turns(1);
        assert.deepEqual(
          tasks.map((task) => task.done()),
          [true, false, false],
        );
        assert.ok(semaphore.locked());
        semaphore.release();
        yield* turns(2);
        assert.deepEqual(
          tasks.map((task) => task.done()),
          [true, true, false],
        );
        semaphore.release();
        yield gather(tasks);
        assert.ok(semaphore.locked());
      });
    });

    it("AL-044 a cancelled acquire blocks nobody", async () => {
      await main(function* () {
        const semaphore = new Semaphore(1);
        yield semaphore.acquire();
        const task = spawn(() => acquire(semaphore));
        yield* turns(1);
        task.cancel();
        assert.ok((yield* errorOf(task)) instanceof CancelledError);
        semaphore.release();
        assert.equal(yield semaphore.acquire(), true);
      });
    });

    it("AL-045 the release goes to the first who was not cancelled", async () => {
      await main(function* () {
        const semaphore = new Semaphore(0);
        const tasks = [1, 2, 3, 4].map(() => spawn(() => acquire(semaphore)));
        yield* turns(1);
        tasks[0]!.cancel();
        tasks[1]!.cancel();
        semaphore.release();
        yield* turns(3);
        assert.deepEqual(
          tasks.map((task) => task.done()),
          [true, true, true, false],
        );
        assert.deepEqual(
          tasks.map((task) => task.cancelled()),
          [true, true, false, false],
        );
        semaphore.release();
        yield tasks[3]!;
      });
    });

    it("AL-046 a waiter is cancelled and a release follows: the next one gets it", async () => {
      await main(function* () {
        const semaphore = new Semaphore(1);
        yield semaphore.acquire();
        const [first, second] = [spawn(() => acquire(semaphore)), spawn(() => acquire(semaphore))];
        yield* turns(1);
        first.cancel();
        semaphore.release();
        assert.equal(yield second, true);
        assert.ok(semaphore.locked());
      });
    });

    it("a waiter that is woken and then cancelled gives its permit to the next", async () => {
      await main(function* () {
        const semaphore = new Semaphore(0);
        const [first, second] = [spawn(() => acquire(semaphore)), spawn(() => acquire(semaphore))];
        yield* turns(1);
        semaphore.release();
        first.cancel();
        assert.equal(yield second, true);
        assert.ok(first.cancelled());
        assert.equal(String(semaphore), "<Semaphore locked>");
      });
    });

    it("AL-048 BoundedSemaphore refuses a release too many", () => {
      const semaphore = new BoundedSemaphore(1);
      assert.throws(() => semaphore.release(), RangeError);
    });

    it("AL-049 a release without waiters adds a permit", async () => {
      await main(function* () {
        const semaphore = new Semaphore(0);
        semaphore.release();
        assert.equal(semaphore.locked(), false);
        yield semaphore.acquire();
        assert.ok(semaphore.locked());
      });
      assert.throws(() => new Semaphore(-1), RangeError);
      assert.throws(() => new Semaphore(1.5), TypeError);
    });

    it("AL-051 who releases and acquires again goes behind those who wait", async () => {
      await main(function* () {
        const semaphore = new Semaphore(1);
        const order: string[] = [];
        const worker = (name: string): Task<void> =>
          spawn(function* () {
            for (let i = 0; i < 2; i++) {
              yield semaphore.acquire();
              order.push(name);
              yield sleep(0);
              semaphore.release();
            }
          });
        yield gather(["a", "b", "c"].map(worker));
        assert.equal(order.join(""), "abcabc");
      });
    });

    it("AL-052 after the first of three waiters is cancelled, two releases serve the others in order", async () => {
      await main(function* () {
        const semaphore = new Semaphore(0);
        const order: number[] = [];
        const tasks = [1, 2, 3].map((number) =>
          spawn(function* () {
            yield semaphore.acquire();
            order.push(number);
          }),
        );
        yield* turns(1);
        tasks[0]!.cancel();
        yield* turns(1);
        semaphore.release();
        semaphore.release();
        yield gather(tasks.slice(1));
        assert.deepEqual(order, [2, 3]);
      });
    });

    it("AL-053 while the woken have not run, newcomers cannot overtake", async () => {
      await main(function* () {
        const semaphore = new Semaphore(1);
        yield semaphore.acquire();
        const waiting = spawn(() => acquire(semaphore));
        yield* turns(1);
        semaphore.release();
        semaphore.release();
        assert.ok(semaphore.locked());
        const newcomer = spawn(() => acquire(semaphore));
        yield waiting;
        yield newcomer;
        assert.ok(semaphore.locked());
      });
    });
  });

  describe(`asyncio.Barrier, ${style.name}`, () => {
    const wait = (barrier: Barrier): Task<number> => spawn(() => waitAt(barrier));

    it("AL-056 the string form", async () => {
      await main(function* () {
        const barrier = new Barrier(2);
        assert.equal(String(barrier), "<Barrier filling, waiters:0/2>");
        const task = wait(barrier);
        yield* turns(1);
        assert.equal(String(barrier), "<Barrier filling, waiters:1/2>");
        yield barrier.reset();
        assert.equal(String(barrier), "<Barrier resetting, waiters:0/2>");
        yield* errorOf(task);
        yield barrier.abort();
        assert.equal(String(barrier), "<Barrier broken>");
      });
    });

    it("AL-057 the scoped form gives each an index of its own", async () => {
      await main(function* () {
        const barrier = new Barrier(3);
        const indexes: number[] = [];
        const pass = (): Task<void> =>
          spawn(function* () {
            yield barrier.with((index) => void indexes.push(index));
          });
        yield gather([pass(), pass(), pass()]);
        assert.deepEqual(indexes.sort(byNumber), [0, 1, 2]);
      });
    });

    it("AL-058 a barrier of one lets pass at once", async () => {
      await main(function* () {
        const barrier = new Barrier(1);
        for (let i = 0; i < 3; i++) assert.equal(yield barrier.wait(), 0);
      });
      assert.throws(() => new Barrier(0), RangeError);
    });

    it("AL-059 nWaiting grows, and is 0 after the pass", async () => {
      await main(function* () {
        const barrier = new Barrier(3);
        const tasks = [wait(barrier)];
        yield* turns(1);
        assert.equal(barrier.nWaiting, 1);
        tasks.push(wait(barrier));
        yield* turns(1);
        assert.equal(barrier.nWaiting, 2);
        yield barrier.wait();
        yield gather(tasks);
        assert.equal(barrier.nWaiting, 0);
      });
    });

    it("AL-061 a second round gives the same numbers", async () => {
      await main(function* () {
        const barrier = new Barrier(3);
        for (let round = 0; round < 2; round++) {
          const indexes: number[] = yield gather([1, 2, 3].map(() => wait(barrier)));
          assert.deepEqual(indexes.sort(byNumber), [0, 1, 2]);
        }
      });
    });

    it("AL-062 the barrier drains for all but the last to leave", async () => {
      await main(function* () {
        const barrier = new Barrier(3);
        const states: boolean[] = [];
        const pass = (): Task<void> =>
          spawn(function* () {
            yield barrier.wait();
            states.push(String(barrier).includes("draining"));
          });
        yield gather([pass(), pass(), pass()]);
        assert.deepEqual(states, [true, true, false]);
      });
    });

    it("AL-064 a cancelled wait does not break it", async () => {
      await main(function* () {
        const barrier = new Barrier(2);
        const cancelled = wait(barrier);
        yield* turns(1);
        cancelled.cancel();
        yield* errorOf(cancelled);
        assert.equal(barrier.nWaiting, 0);
        assert.equal(barrier.broken, false);
        yield gather([wait(barrier), wait(barrier)]);
      });
    });

    it("AL-065 reset with nobody waiting changes nothing", async () => {
      await main(function* () {
        const barrier = new Barrier(2);
        yield barrier.reset();
        assert.equal(String(barrier), "<Barrier filling, waiters:0/2>");
      });
    });

    it("AL-066 reset throws at all who wait, and leaves the barrier whole", async () => {
      await main(function* () {
        const barrier = new Barrier(3);
        const tasks = [wait(barrier), wait(barrier)];
        yield* turns(1);
        yield barrier.reset();
        for (const task of tasks) {
          const error = yield* errorOf(task);
          assert.ok(error instanceof BrokenBarrierError);
          assert.equal(error.reason, "reset");
        }
        assert.equal(barrier.broken, false);
        yield gather([wait(barrier), wait(barrier), wait(barrier)]);
      });
    });

    it("AL-069 who catches that can wait again, and pass with newcomers", async () => {
      await main(function* () {
        const barrier = new Barrier(3);
        const again = (): Task<number> =>
          spawn(function* () {
            assert.ok((yield* errorOf(barrier.wait())) instanceof BrokenBarrierError);
            return yield barrier.wait();
          });
        const tasks = [again(), again()];
        yield* turns(1);
        yield barrier.reset();
        yield* turns(4);
        assert.equal(barrier.nWaiting, 2);
        yield barrier.wait();
        const indexes: number[] = yield gather(tasks);
        assert.deepEqual(indexes.sort(byNumber), [0, 1]);
      });
    });

    const throwsAtThoseInside = (end: "reset" | "abort") => async (): Promise<void> => {
      await main(function* () {
        const barrier = new Barrier(4);
        let left = 0;
        const outcomes: string[] = [];
        const pass = (): Task<void> =>
          spawn(function* () {
            try {
              yield barrier.wait();
              outcomes.push("passed");
              if (++left === 2) yield barrier[end]();
            } catch (error) {
              outcomes.push((error as Error).name);
            }
          });
        yield gather([pass(), pass(), pass(), pass()]);
        const broken = outcomes.filter((outcome) => outcome === "BrokenBarrierError").length;
        assert.equal(barrier.broken, end === "abort");
        assert.equal(barrier.nWaiting, 0);
        assert.equal(broken + outcomes.filter((outcome) => outcome === "passed").length, 4);
      });
    };
    it(
      "AL-067 reset while half have drained throws at those still inside",
      throwsAtThoseInside("reset"),
    );
    it("AL-072 so does abort, and leaves the barrier broken", throwsAtThoseInside("abort"));

    it("AL-071 abort breaks it even if nobody waits", async () => {
      await main(function* () {
        const barrier = new Barrier(2);
        yield barrier.abort();
        assert.ok(barrier.broken);
        const error = yield* errorOf(barrier.wait());
        assert.ok(error instanceof BrokenBarrierError);
        assert.equal(error.reason, "aborted");
      });
    });

    it("AL-074 after abort and a reset between two barriers, all pass again", async () => {
      await main(function* () {
        const [barrier, second] = [new Barrier(3), new Barrier(3)];
        const pass = (aborts: boolean): Task<number> =>
          spawn(function* () {
            if (aborts) yield barrier.abort();
            else assert.ok((yield* errorOf(barrier.wait())) instanceof BrokenBarrierError);
            if ((yield second.wait()) === 2) yield barrier.reset();
            yield second.wait();
            return yield barrier.wait();
          });
        const tasks = [pass(false), pass(false)];
        yield* turns(1);
        tasks.push(pass(true));
        const indexes: number[] = yield gather(tasks);
        assert.deepEqual(indexes.sort(byNumber), [0, 1, 2]);
        assert.equal(barrier.broken, false);
      });
    });
  });
}

function* acquire(lock: Lock | Semaphore): Steps<boolean> {
  return yield lock.acquire();
}

function* lockAndRelease(lock: Lock): Steps<void> {
  yield lock.acquire();
  lock.release();
}

function* waitAt(barrier: Barrier): Steps<number> {
  return yield barrier.wait();
}

function* waitAndCatch(condition: Condition, caught: CancelledError[]): Steps<void> {
  yield condition.acquire();
  try {
    yield condition.wait();
  } catch (error) {
    caught.push(error as CancelledError);
    throw error;
  } finally {
    condition.release();
  }
}

describe("asyncio's primitives and loops", () => {
  it(
    "AL-013 a lock that was contended in one loop refuses another",
    bindsToItsLoop(() => {
      const lock = new Lock();
      return {
        *first() {
          yield lock.acquire();
          yield* errorOf(waitFor(lock.acquire(), 1));
        },
        second: () => acquire(lock),
      };
    }),
  );

  it(
    "AL-035 so does a condition whose lock belongs to another loop",
    bindsToItsLoop(() => {
      const lock = new Lock();
      return {
        *first() {
          yield lock.acquire();
          yield* errorOf(waitFor(lock.acquire(), 1));
        },
        *second() {
          const condition = new Condition(lock);
          yield condition.acquire();
        },
      };
    }),
  );
});
