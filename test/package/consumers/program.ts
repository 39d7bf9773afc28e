/** What a user may write with the declarations alone: it names no global of the DOM or of Node. */
import { isMainThread, move, task, TimeoutError } from "heddle";
import { allocateLock, getIdent } from "heddle/_thread";
import {
  type Coroutine,
  createTask,
  fromPromise,
  gather,
  openConnection,
  Queue as TaskQueue,
  run,
  Runner,
  sleep,
  type Task,
  taskGroup,
  timeout,
} from "heddle/asyncio";
import { asCompleted, type Future, ThreadPoolExecutor, wait } from "heddle/concurrent/futures";
import { ContextVar, copyContext, type Token } from "heddle/contextvars";
import plugin from "heddle/eslint";
import { PriorityQueue, Queue } from "heddle/queue";
import { FakeClock, scenario } from "heddle/testing";
import { Condition, Lock, Semaphore, Thread } from "heddle/threading";

export const double: (n: number) => number = task("file:///program.ts", (n: number) => 2 * n);

export function* countDown(from: number): Coroutine<string> {
  for (let n = from; n > 0; n--) yield* sleep(n);
  return "done";
}

export async function useTasks(queue: TaskQueue<number>): Promise<string> {
  const counting: Task<string> = createTask(countDown(3));
  const [text, n]: [string, number] = await gather([counting, queue.get()]);
  for await (const item of queue) void item.toFixed(n);
  await timeout(1000, () => taskGroup((group) => void group.createTask(countDown(2))));
  const aborted: boolean = await fromPromise(async (signal) => signal.aborted);
  const [reader, writer] = await openConnection("localhost", 80);
  await using stream = writer;
  stream.write(await reader.readline());
  return aborted ? text : "";
}

export async function useThreads(): Promise<number> {
  await using pool = new ThreadPoolExecutor({ maxWorkers: 2 });
  const future: Future<number> = pool.submit((a: number, b: number) => a + b, 1, 2);
  const { done } = await wait([future], { timeout: 50 });
  for await (const finished of asCompleted([future])) void (await finished).toFixed(done.size);
  const lock = new Lock();
  const thread: Thread<number> = new Thread({ target: (n: number) => n, args: [3] });
  thread.start();
  {
    using held = await lock.hold();
    void held;
  }
  await new Condition(lock).waitFor(() => true, { timeout: 10 });
  new Semaphore(2).acquireSync();
  allocateLock().acquireSync({ timeout: 1 });
  return (await thread) + getIdent();
}

export function useValues(): string {
  const user = new ContextVar("user", { default: "nobody" });
  const token: Token<string> = user.set("ada");
  user.reset(token);
  const queue = new Queue<{ readonly buffer: ArrayBuffer }>(2);
  queue.putSync({ buffer: move(new ArrayBuffer(8)) });
  new PriorityQueue<[number, string]>().putSync([1, "first"]);
  const error: Error = new TimeoutError("Timed out");
  return copyContext().run(() => `${isMainThread} ${user.get()} ${error.name}`);
}

export const names: string[] = [plugin.meta.name, typeof scenario, typeof FakeClock];

export const outcome: Promise<string> = run(() => useTasks(new TaskQueue(1)));
export const runner: Runner = new Runner();
