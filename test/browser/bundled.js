// A page's own program, which Vite bundles.
import { createTask, Queue, run, taskGroup, timeout } from "heddle/asyncio";
import { ContextVar, copyContext } from "heddle/contextvars";

const user = new ContextVar("user", { default: "nobody" });

async function main() {
  const queue = new Queue(1);
  const items = [];
  await timeout(10_000, () =>
    taskGroup((group) => {
      group.createTask(async () => {
        for (const n of [1, 2, 3]) await queue.put(n);
        queue.shutdown();
      });
      group.createTask(function* () {
        for (let n = 1; n <= 3; n++) items.push(yield* queue.get());
      });
    }),
  );
  const name = copyContext().run(() => user.set("ada") && user.get());
  return JSON.stringify([items, await createTask(async () => user.get()), name]);
}

const result = await run(main).catch(String);
const failures = result === '[[1,2,3],"nobody","ada"]' ? [] : [result];
const report = { address: "/bundled", passed: failures.length === 0 ? 1 : 0, failures };
await fetch("/report", { method: "POST", body: JSON.stringify(report) });
