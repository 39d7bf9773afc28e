import { currentProcess, Process, Queue } from "heddle/multiprocessing";

type Name = "mul" | "plus";
type Task = readonly [name: Name, args: readonly [number, number]];
const STOP = "STOP";
const NUMBER_OF_PROCESSES = 4;

const mul = (a: number, b: number): number => a * b;
const plus = (a: number, b: number): number => a + b;
const FUNCTIONS = { mul, plus };

function calculate([name, args]: Task): string {
  const result = FUNCTIONS[name](...args);
  return `${currentProcess().name} says that ${name}(${args.join(", ")}) = ${result}`;
}

/** What each worker process runs. */
async function worker(input: Queue<Task | typeof STOP>, output: Queue<string>): Promise<void> {
  for (let task; (task = await input.get()) !== STOP;) await output.put(calculate(task));
}

const tasks1 = Array.from({ length: 20 }, (_, i): Task => ["mul", [i, 7]]);
const tasks2 = Array.from({ length: 10 }, (_, i): Task => ["plus", [i, 8]]);

const taskQueue = new Queue<Task | typeof STOP>();
const doneQueue = new Queue<string>();
for (const task of tasks1) await taskQueue.put(task);
for (let i = 0; i < NUMBER_OF_PROCESSES; i++) {
  new Process({ target: worker, args: [taskQueue, doneQueue] }).start();
}

console.log("Unordered results:");
for (const _ of tasks1) console.log("\t", await doneQueue.get());

// More tasks can be put while the workers wait.
for (const task of tasks2) await taskQueue.put(task);
for (const _ of tasks2) console.log("\t", await doneQueue.get());

for (let i = 0; i < NUMBER_OF_PROCESSES; i++) await taskQueue.put(STOP);
