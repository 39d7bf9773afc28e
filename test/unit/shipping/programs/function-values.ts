/** Sends functions and classes of a main module to workers, and back. Prints what came of each, as JSON. */
import { ProcessPoolExecutor, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { PriorityQueue, Queue } from "heddle/queue";
import { Thread } from "heddle/threading";
import { atHome } from "./function-values-home.ts";
import { Box, counted, triple } from "./function-values-lib.ts";

const FACTOR = 7;
const timesFactor = (x: number): number => x * FACTOR;
const minusFactor = (x: number): number => x - FACTOR;
const neverSent = (x: number): number => x + FACTOR;

class User {
  name: string;
  constructor(name: string) {
    this.name = name;
  }
  hello(): string {
    return `hi ${this.name} ${FACTOR}`;
  }
}
class Admin extends User {
  override hello(): string {
    return `admin ${super.hello()}`;
  }
}
class Hidden {
  readonly n: number = 1;
}
export class Shown {
  n = FACTOR;
  plus(m: number): number {
    return this.n + m;
  }
}
class Failure extends Error {
  readonly undo: () => number;
  constructor(message: string, undo: () => number) {
    super(message);
    this.undo = undo;
  }
}
interface Tagged {
  (x: number): number;
  tag?: { n: number };
}
class Worker extends Thread {
  readonly by: (x: number) => number;
  out = 0;
  constructor(by: (x: number) => number) {
    super();
    this.by = by;
  }
  override run(): number {
    return this.by(6);
  }
}

const kept: { last?: unknown } = {};

function isLast(fn: unknown): boolean {
  const same = kept.last === fn;
  kept.last = fn;
  return same;
}

const apply = (fn: (x: number) => unknown, x: number): unknown => fn(x);
const echo = <T>(value: T): T => value;

async function main(): Promise<void> {
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
  const other = new ThreadPoolExecutor({ maxWorkers: 1 });
  const queue = new Queue();

  const cases: Record<string, () => unknown> = {
    exported: () => pool.submit(apply, triple, 2),
    variable: () => pool.submit(apply, timesFactor, 2),
    inline: () => pool.submit(apply, (x: number) => x + FACTOR, 2),
    "with an import": () => pool.submit(apply, (x: number) => triple(x) + 1, 2),
    "the same each time": async () => [
      await pool.submit(isLast, timesFactor),
      await pool.submit(isLast, timesFactor),
      await pool.submit((fn: unknown) => isLast(fn) && fn === timesFactor, timesFactor),
    ],
    "and as it is there": () =>
      pool.submit((C: unknown, fn: unknown) => C === User && fn === triple, User, triple),
    "state once": async () => {
      await pool.submit(counted);
      return pool.submit((fn: () => number) => fn(), counted);
    },
    "back home": async () => {
      const own = (x: number): number => x * 2 + FACTOR;
      const sent = [triple, timesFactor, User, Box, own, Math.max];
      const back = await pool.submit(echo<unknown[]>, sent);
      return back.map((value, i) => value === sent[i]);
    },
    "from a worker": async () => {
      const made = await pool.submit(() => (a: number, b: number) => triple(a) + b);
      return [(await pool.submit(() => triple)) === triple, made(1, 2)];
    },
    "what home has otherwise": async () => String(await pool.submit(() => neverSent).exception()),
    "an object of a class it has not sent": async () =>
      String(await pool.submit(() => new Hidden()).exception()),
    "an object of an exported class": async () => {
      const shown = await pool.submit(() => new Shown());
      return [shown instanceof Shown, shown.plus(1)];
    },
    instances: async () => {
      const said = await pool.submit(
        (user: User) => [user instanceof Admin, user.hello()],
        new Admin("ann"),
      );
      const back = await pool.submit((user: User) => {
        user.name += "!";
        return [user, new User("new")] as const;
      }, new User("bob"));
      return [said, back.map((user) => user instanceof User && user.hello())];
    },
    "from worker to worker": async () => {
      await queue.put([new Admin("cy"), minusFactor]);
      await pool.submit(async (from: Queue) => from.put(await from.get()), queue);
      return other.submit(async (from: Queue) => {
        const [user, fn] = (await from.get()) as [User, (x: number) => number];
        return [user.hello(), fn(10)];
      }, queue);
    },
    "without waiting": async () => {
      await queue.put((x: number) => x / FACTOR);
      return other.submit(async (from: Queue) => {
        let refusal = "";
        try {
          from.getSync();
        } catch (error) {
          refusal = String(error).replace(/: it takes.*/, "");
        }
        const fn = (await from.get()) as (x: number) => number;
        const again = refusal === "" ? 1 : fn(7);
        return [again, from.qsize()];
      }, queue);
    },
    "put back by who blocks, with its priority": async () => {
      const urgent = new PriorityQueue<[number, (x: number) => number]>();
      urgent.putNowait([1, (x: number) => triple(x) + 5]);
      return other.submit(async (from: typeof urgent) => {
        try {
          from.getSync();
        } catch {
          const [priority, fn] = await from.get();
          return [priority, fn(1)];
        }
        return "it was there";
      }, urgent);
    },
    "of a module that fails": async () => {
      const processes = new ProcessPoolExecutor({ maxWorkers: 1 });
      const errors = [
        await pool.submit((fn: () => number) => fn(), atHome).exception(),
        await processes.submit((fn: () => number) => fn(), atHome).exception(),
      ];
      await processes.shutdown();
      return errors.map((error) =>
        /the function "atHome": .*: not in a worker$/.test(String(error)),
      );
    },
    "with properties that come later": async () => {
      const [tagged, plain] = [0, 1].map(() => (x: number) => x + 11) as [Tagged, Tagged];
      await pool.submit((fn: Tagged) => fn(1), tagged);
      tagged.tag = { n: 1 };
      return pool.submit((a: Tagged, b: Tagged) => [a.tag?.n, b.tag === undefined], tagged, plain);
    },
    "with properties, back home": async () => {
      const tag = { n: 1 };
      const tagged: Tagged = Object.assign((x: number) => x + 12, { tag });
      const back = await pool.submit((fn: Tagged) => {
        if (fn.tag) fn.tag.n = 2;
        return fn;
      }, tagged);
      tagged.tag = { n: 3 };
      const again = await pool.submit((fn: Tagged) => fn.tag?.n, tagged);
      return [back === tagged, tag.n, again];
    },
    "in an error": async () => {
      const error = await pool
        .submit((C: typeof Failure) => {
          throw new C("no", () => FACTOR);
        }, Failure)
        .exception();
      return [error instanceof Failure, (error as Failure).message];
    },
    "in an error that is awaited": async () => {
      const failing = pool.submit(() => {
        throw Object.assign(new Error("no"), { fn: (x: number) => triple(x) + 2 });
      });
      const { fn } = (await failing.exception()) as { fn: (x: number) => number };
      return fn(2);
    },
    "in an error that is blocked for": () => {
      const failing = pool.submit(() => {
        throw Object.assign(new Error("no"), { fn: (x: number) => triple(x) + 3 });
      });
      return (failing.exceptionSync() as { fn: unknown }).fn;
    },
    "in an error that is blocked for once it has come": async () => {
      const failing = pool.submit(() => {
        throw Object.assign(new Error("no"), { fn: (x: number) => triple(x) + 4 });
      });
      while (!failing.done()) await new Promise((resolve) => setTimeout(resolve, 1));
      return typeof (failing.exceptionSync() as { fn: unknown }).fn;
    },
    "a thread's object": async () => {
      const worker = new Worker(timesFactor);
      worker.start();
      return worker;
    },
    mapped: async () => {
      const values: unknown[] = [];
      for await (const value of pool.map(apply, [triple, timesFactor], [1, 2])) values.push(value);
      return values;
    },
    initargs: async () => {
      const prepared = new ThreadPoolExecutor({
        maxWorkers: 1,
        initializer: (fn: (x: number) => number) => {
          kept.last = fn(3);
        },
        initargs: [minusFactor],
      });
      const value = await prepared.submit(() => kept.last);
      await prepared.shutdown();
      return value;
    },
  };
  const outcomes: Record<string, unknown> = {};
  for (const [name, run] of Object.entries(cases)) {
    try {
      outcomes[name] = await run();
    } catch (error) {
      outcomes[name] = String(error);
    }
  }
  await Promise.all([pool.shutdown(), other.shutdown()]);
  console.log(JSON.stringify(outcomes));
}

await main();
