/** Makes operations in debug mode; those that it never waits for are to be reported at the end. */
import { coroutine, type Coroutine, createTask, Lock, run, sleep } from "heddle/asyncio";

const tick = coroutine(function* tick(n: number): Coroutine<number> {
  yield* sleep(1);
  return n;
});

const kept: unknown[] = [];

async function main(): Promise<void> {
  // Waited for, in all ways.
  await tick(1);
  await createTask(tick(2));
  await createTask(function* () {
    yield* tick(3);
    yield* sleep(0);
  });
  await new Lock().acquire();
  // Not waited for.
  kept.push(tick(4), sleep(5), new Lock().acquire());
}

await run(main);
console.log("not in debug mode");
await run(main, { debug: true });
console.log("over");
