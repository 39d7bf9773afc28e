/** What the compiler knows of asyncio. The assertions are types: `npm run check` tests them. */
import { describe, it } from "node:test";
import { expectTypeOf } from "expect-type";
import {
  asCompleted,
  type Awaitable,
  coroutine,
  type Coroutine,
  createTask,
  Future,
  fromPromise,
  gather,
  run,
  shield,
  sleep,
  type Spawnable,
  type Task,
  taskGroup,
  timeout,
  wait,
  waitFor,
} from "heddle/asyncio";

function* work(n: number): Coroutine<number> {
  yield* sleep(1);
  return n;
}

async function asyncWork(n: number): Promise<number> {
  await sleep(1);
  return n;
}

// Only compiled, never called. What an arrow function returns is inferred, too.
export async function promises(response: Promise<{ text(): Promise<string> }>): Promise<void> {
  const body = () => response.then((r) => r.text());
  expectTypeOf(await waitFor(() => response.then((r) => r.text()), 1)).toEqualTypeOf<string>();
  expectTypeOf(await shield(() => response.then((r) => r.text()))).toEqualTypeOf<string>();
  expectTypeOf(await timeout(1, () => response.then((r) => r.text()))).toEqualTypeOf<string>();
  expectTypeOf(await createTask(() => response.then((r) => r.text()))).toEqualTypeOf<string>();
  expectTypeOf(await run(() => response.then((r) => r.text()))).toEqualTypeOf<string>();
  expectTypeOf(
    await gather([() => response.then((r) => r.text()), createTask(work(1)), work(1)]),
  ).toEqualTypeOf<[string, number, number]>();
  expectTypeOf(await gather([body, body].map((each) => createTask(each)))).toEqualTypeOf<
    string[]
  >();
  expectTypeOf(await gather([body] as const)).toEqualTypeOf<[string]>();
  expectTypeOf(await gather([body], { returnExceptions: true })).toEqualTypeOf<[string | Error]>();
  expectTypeOf(waitFor(createTask(body), 1).catch(() => 1)).toEqualTypeOf<
    Promise<string | number>
  >();
  expectTypeOf(createTask(body).finally(() => 1)).toEqualTypeOf<Promise<string>>();
}

// Only compiled, never called.
export function* generators(): Coroutine<void> {
  expectTypeOf(yield* work(1)).toEqualTypeOf<number>();
  expectTypeOf(yield* sleep(1)).toEqualTypeOf<void>();
  expectTypeOf(yield* sleep(1, "x")).toEqualTypeOf<string>();
  expectTypeOf(yield* new Future<string>()).toEqualTypeOf<string>();
  expectTypeOf(yield* createTask(work(1))).toEqualTypeOf<number>();
  expectTypeOf(yield* gather([work(1), sleep(1, "x"), () => asyncWork(1)])).toEqualTypeOf<
    [number, string, number]
  >();
  expectTypeOf(yield* timeout(1, () => work(1))).toEqualTypeOf<number>();
  expectTypeOf(yield* timeout(1, async () => "x")).toEqualTypeOf<string>();
  expectTypeOf(yield* timeout(1, () => true)).toEqualTypeOf<boolean>();
  expectTypeOf(yield* taskGroup(() => work(1))).toEqualTypeOf<number>();
  expectTypeOf(yield* waitFor(work(1), 1)).toEqualTypeOf<number>();
  expectTypeOf(yield* shield(work(1))).toEqualTypeOf<number>();
  expectTypeOf(yield* fromPromise(asyncWork(1))).toEqualTypeOf<number>();
  for (const next of asCompleted([work(1)])) expectTypeOf(yield* next).toEqualTypeOf<number>();

  // @ts-expect-error -- a forgotten yield*
  const n: number = sleep(1, 2);
  expectTypeOf(n).toBeNumber();
  // @ts-expect-error -- yield for yield*
  yield sleep(1);
  // @ts-expect-error -- only what is heddle's can be waited for
  yield* asyncWork(1);
}

export async function asyncFunctions(): Promise<void> {
  expectTypeOf(await sleep(1, "x")).toEqualTypeOf<string>();
  expectTypeOf(await createTask(work(1))).toEqualTypeOf<number>();
  expectTypeOf(await createTask(() => asyncWork(1))).toEqualTypeOf<number>();
  expectTypeOf(createTask(asyncWork.bind(undefined, 1))).toEqualTypeOf<Task<number>>();
  expectTypeOf(run(work(1))).toEqualTypeOf<Promise<number>>();
  expectTypeOf(run(() => asyncWork(1))).toEqualTypeOf<Promise<number>>();
  const [done] = await wait([createTask(work(1))]);
  expectTypeOf(done).toEqualTypeOf<Set<Task<number>>>();
  const results = await gather([work(1), sleep(1, "x")], { returnExceptions: true });
  expectTypeOf(results).toEqualTypeOf<[number | Error, string | Error]>();
  for await (const future of asCompleted([work(1), sleep(1, 2)]))
    expectTypeOf(future).toEqualTypeOf<Future<number>>();
  // A promise takes the result of a future.
  expectTypeOf((async () => createTask(work(1)))()).toEqualTypeOf<Promise<number>>();

  // @ts-expect-error -- it runs already
  createTask(asyncWork(1));
  // @ts-expect-error -- it runs already
  void run(asyncWork(1));
  // @ts-expect-error -- no coroutine
  createTask(42);
  // @ts-expect-error -- an unknown option
  createTask(work(1), { label: "x" });
  // @ts-expect-error -- a result of the wrong type
  new Future<string>().setResult(1);
}

export function coroutines(): void {
  const double = coroutine(function* (n: number) {
    return 2 * (yield* work(n));
  });
  expectTypeOf(double).toEqualTypeOf<(n: number) => Awaitable<number>>();
  expectTypeOf(double(1)).toExtend<Spawnable<number>>();
  expectTypeOf(new Future<number>()).toExtend<Future<unknown>>();
  expectTypeOf(new Future<number>()).toExtend<Awaitable<number>>();
  // @ts-expect-error -- no generator function
  coroutine(asyncWork);
}

describe("types of asyncio", () => {
  it("are checked by the compiler; this test only says so", () => {
    expectTypeOf(coroutines).toBeFunction();
  });
});
