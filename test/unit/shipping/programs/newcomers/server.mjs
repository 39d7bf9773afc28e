/* oxlint-disable -- code as someone new writes it */
// An HTTP server that does its work in threads.
import { createServer } from "node:http";
import { once } from "node:events";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
const routes = {
  "/fib": ({ n }) => fib(Number(n)),
  "/echo": (query) => query,
};
function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  const handler = routes[url.pathname];
  try {
    if (!handler) throw new Error("not found");
    const result = await pool.submit(handler, Object.fromEntries(url.searchParams));
    response.end(JSON.stringify(result));
  } catch (error) {
    response.statusCode = 404;
    response.end(error.message);
  }
}).listen(0);
await once(server, "listening");
const base = `http://127.0.0.1:${server.address().port}`;
for (const path of ["/fib?n=15", "/echo?a=1&b=2", "/none"]) {
  console.log(await (await fetch(base + path)).text());
}
server.close();
server.closeAllConnections?.();
await pool.shutdown();
