/** Functions for tests of channels to run in other processes. */
import process from "node:process";
import {
  type Connection,
  JoinableQueue,
  Process,
  type Queue,
  type SimpleQueue,
} from "heddle/multiprocessing";

type AnyQueue = Queue | SimpleQueue;

/** Sends back what comes, until that is null. */
export async function echo(connection: Connection): Promise<void> {
  for (let value; (value = await connection.recv()) !== null;) await connection.send(value);
}

/** The same, blocking. */
export function echoSync(connection: Connection): void {
  for (let value; (value = connection.recvSync()) !== null;) connection.sendSync(value);
}

export async function putRange(queue: AnyQueue, name: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await queue.put([name, n]);
}

/** Doubles numbers until null comes. */
export function work(tasks: JoinableQueue<number | null>, results: AnyQueue): void {
  for (;;) {
    const n = tasks.getSync();
    if (n !== null) results.putSync(n * 2);
    tasks.taskDone();
    if (n === null) return;
  }
}

/** Passes the queue on to a process of its own. */
export async function passOn(queue: Queue): Promise<void> {
  const child = new Process({ target: putRange, args: [queue, "grandchild", 1] });
  child.start();
  await child.join();
}

/** Sends, and is gone before anything could be read. */
export function sendAndExit(connection: Connection, size: number): never {
  connection.sendSync(new Uint8Array(size).fill(7));
  connection.sendSync("last");
  process.exit(3);
}

/** Says that it is there, and computes for ever. */
export function sendAndSpin(connection: Connection): never {
  connection.sendSync("up");
  for (;;);
}

/** Sends what it gets through the connection that it gets. */
export async function answerThrough(connection: Connection): Promise<void> {
  const inner = (await connection.recv()) as Connection;
  await inner.send("through");
}

/** Looks again and again, and takes nothing, until it is told to end. */
export async function pollUntilTold(looked: Connection, told: Connection): Promise<number> {
  let looks = 0;
  do {
    await looked.poll();
    looks++;
  } while (!(await told.poll()));
  return looks;
}

/** Sends after a while, as seen by one that blocks. */
export async function sendLate(connection: Connection): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 300));
  await connection.send("late");
}

/** Sends a queue of its own, and ends once it is told to. */
export async function sendOwnQueue(connection: Connection): Promise<void> {
  await connection.send(new JoinableQueue());
  await connection.recv();
}
