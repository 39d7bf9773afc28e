/** What the compiler knows of queues. The assertions are types: `npm run check` tests them. */
import { describe, it } from "node:test";
import { expectTypeOf } from "expect-type";
import { LifoQueue, type Ordered, PriorityQueue, Queue, SimpleQueue } from "heddle/queue";

interface Order {
  readonly id: number;
}

// Only compiled, never called.
export function items(): void {
  const queue = new Queue<Order>(5);
  expectTypeOf(queue.get()).toExtend<Promise<Order>>();
  expectTypeOf(queue.get()).resolves.toEqualTypeOf<Order>();
  expectTypeOf(queue.getSync({ timeout: 5 })).toEqualTypeOf<Order>();
  expectTypeOf(queue.getNowait()).toEqualTypeOf<Order>();
  expectTypeOf(queue.put({ id: 1 }, { signal: AbortSignal.timeout(5) })).toExtend<Promise<void>>();
  // @ts-expect-error -- no order
  queue.putNowait("text");
  // @ts-expect-error -- a blocking wait has no signal
  queue.putSync({ id: 1 }, { signal: AbortSignal.timeout(5) });
  // @ts-expect-error -- its items are others
  expectTypeOf<Queue<string>>(queue);
  expectTypeOf(new Queue().getNowait()).toEqualTypeOf<unknown>();
  expectTypeOf(queue.maxsize).toEqualTypeOf<number>();
}

export function kinds(): void {
  expectTypeOf(new LifoQueue<number>()).toExtend<Queue<number>>();
  expectTypeOf(new PriorityQueue<number>()).toExtend<Queue<number>>();
  expectTypeOf(new PriorityQueue<[number, Order]>().getNowait()).toEqualTypeOf<[number, Order]>();
  expectTypeOf(new PriorityQueue().getNowait()).toEqualTypeOf<Ordered>();
  // @ts-expect-error -- an object has no order
  expectTypeOf<PriorityQueue<Order>>();
  expectTypeOf(new SimpleQueue<string>().getSync()).toEqualTypeOf<string>();
  // @ts-expect-error -- it has no limit
  expectTypeOf(new SimpleQueue<string>().maxsize);
  // @ts-expect-error -- nothing is counted
  expectTypeOf(new SimpleQueue<string>().taskDone);
}

describe("types of queues", () => {
  it("are checked by the compiler; this test only says so", () => {
    expectTypeOf(items).toBeFunction();
  });
});
