/* oxlint-disable -- code as someone new writes it */
// A dispatch table of handlers that use each other, errors with codes, and top-level constants from JSON.
import { readFile } from "node:fs/promises";
import { ProcessPoolExecutor, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Thread, currentThread } from "heddle/threading";

const settings = JSON.parse(await readFile(new URL("../settings.json", import.meta.url), "utf8"));
const { chunk, level: depth = 3 } = settings;

class HttpError extends Error {
  constructor(status, options) {
    super(`status ${status}`, options);
    this.status = status;
  }
  get isClientError() {
    return this.status < 500;
  }
}
const handlers = {
  "/sum": ({ n }) => [...range(Number(n))].reduce((a, b) => a + b, 0),
  "/chunk": ({ n }) => Math.ceil(Number(n) / chunk) + depth,
  "/both": (query) => [dispatch("/sum", query), dispatch("/chunk", query)],
};
function* range(n) {
  for (let i = 0; i < n; i++) yield i;
}
function dispatch(path, query = {}) {
  const handler = handlers[path];
  if (!handler) throw new HttpError(404, { cause: new Error(path) });
  return handler(query);
}

const pool = new ThreadPoolExecutor({ maxWorkers: 2, threadNamePrefix: "web" });
const outcomes = await Promise.allSettled(
  [["/sum", { n: "5" }], ["/both", { n: 2000 }], ["/none"]].map((args) =>
    pool.submit(dispatch, ...args),
  ),
);
for (const { value, reason } of outcomes)
  console.log(
    reason ? `${reason.message} ${reason.status} ${reason.cause.message}` : String(value),
  );
console.log(
  await pool.submit(() => currentThread().name.startsWith("web") && handlers["/sum"]({ n: 3 })),
);
await pool.shutdown();
const processes = new ProcessPoolExecutor({ maxWorkers: 1 });
console.log(await processes.submit(dispatch, "/chunk", { n: 10 }));
const thread = new Thread({
  target: (path) => console.log(path, dispatch(path, { n: 4 })),
  args: ["/sum"],
});
thread.start();
await thread.join();
await processes.shutdown();
