import { getContext, Process, Queue, setStartMethod } from "heddle/multiprocessing";

async function f(queue: Queue): Promise<void> {
  await queue.put([42, null, "hello"]);
}

const queue = new Queue();
const child = new Process({ target: f, args: [queue] });
child.start();
console.log(await queue.get());
await child.join();

const foo = async (q: Queue): Promise<void> => q.put("hello");

setStartMethod("spawn");
const context = getContext("spawn");
const second = new context.Process({ target: foo, args: [queue] });
second.start();
console.log(await queue.get());
await second.join();
