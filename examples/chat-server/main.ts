/**
 * A chat server, over streams.
 *
 *   node main.ts --serve 8000   serves until Ctrl-C; talk to it with `nc localhost 8000`
 *   node main.ts                has 200 visitors come, talk all at once, and go
 *   node main.ts 500            has 500 come
 *
 * All of it runs in one thread: each client is a task of the server, each visitor
 * a task of its own.
 */
import process from "node:process";
import { KeyboardInterrupt } from "heddle";
import { gather, run, startServer } from "heddle/asyncio";

import { Room } from "./room.ts";
import { Visitor } from "./visitor.ts";

const LINES_EACH = 2;

async function serve(port: number): Promise<void> {
  const server = await startServer(new Room().welcome, null, port);
  console.log(`Serving on port ${server.port}`);
  await server.serveForever();
}

async function simulate(count: number): Promise<void> {
  const room = new Room();
  // They all come at once: more may have to wait at the door than usual.
  const server = await startServer(room.welcome, "127.0.0.1", 0, { backlog: count });
  const names = Array.from({ length: count }, (_, number) => `visitor-${number}`);

  const visitors = await gather(names.map((name) => () => Visitor.enter(name, server.port)));
  console.log(`${room.size} visitors have come`);

  const talks = visitors.map((visitor) => async () => {
    for (let n = 1; n <= LINES_EACH; n++) visitor.say(`line ${n}`);
    return visitor.listen(count * LINES_EACH);
  });
  const own = await gather(talks);
  const isComplete = own.every((lines) => lines === LINES_EACH);
  console.log(
    `each has heard ${count * LINES_EACH} lines, ${isComplete ? "its own" : "not its own"} among them`,
  );

  await gather(visitors.map((visitor) => () => visitor.leave()));
  server.close();
  await server.waitClosed();
  console.log(`${room.size} visitors are left`);
}

const [first, second] = process.argv.slice(2);
try {
  await run(() =>
    first === "--serve" ? serve(Number(second ?? 8000)) : simulate(Number(first ?? 200)),
  );
} catch (error) {
  if (!(error instanceof KeyboardInterrupt)) throw error;
  console.log("Closed");
}
