/** The reasons for which functions are refused, each with a program that meets it and one that does not. */

export interface Refusal {
  readonly title: string;
  /** The message. */
  readonly says: string;
  /** Whether the place is found where a runtime prints functions anew. Default: true. */
  readonly isPlaceKnown?: boolean;
  /** A module whose default export is called with an executor. */
  readonly refused: string;
  /** The same after the advice was followed: one for each that the message gives. */
  readonly fixed: readonly string[];
  /** What it then gives. */
  readonly value: unknown;
  /** Of the files. Default: mjs. */
  readonly extension?: "cjs" | "js" | "ts";
  /** Where alone it is refused. Default: everywhere. */
  readonly where?: readonly ("bun" | "deno" | "node")[];
  /** Other files, by their names. */
  readonly files?: Readonly<Record<string, string>>;
}

export const REFUSALS: readonly Refusal[] = [
  {
    title: "an object of a class that has the name of the runtime's class that it extends",
    says: "SendError: Cannot send args to another thread: args[0] is an instance of EventTarget, which belongs to the runtime. Send what it is made of, and make one in the function",
    refused: `
      class EventTarget extends globalThis.EventTarget {
        count = 3;
      }
      export default (pool) => pool.submit((target) => target.count, new EventTarget());
    `,
    fixed: [
      `
        class EventTarget extends globalThis.EventTarget {
          count = 3;
        }
        const countOf = (by) => Object.assign(new EventTarget(), by).count;
        export default (pool) => pool.submit(countOf, { count: 4 });
      `,
    ],
    value: 4,
  },
  {
    title: "a parameter",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:1:58): it uses "factor", a parameter of the function around it (refused.mjs:1:29), which does not exist in the worker. Pass it as an argument: submit(fn, factor)',
    refused: `
      const scaled = async (pool, factor) => await pool.submit((x) => x * factor, 2);
      export default (pool) => scaled(pool, 3);
    `,
    fixed: [
      `
        const scaled = async (pool, factor) => await pool.submit((x, factor) => x * factor, 2, factor);
        export default (pool) => scaled(pool, 3);
      `,
    ],
    value: 6,
  },
  {
    title: "a local variable",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:4:28): it uses "total", a local variable of the function around it (refused.mjs:2:7), which does not exist in the worker. Pass it as an argument: submit(fn, total)',
    refused: `
      export default async (pool) => {
        let total = 1;
        total += 1;
        return await pool.submit((x) => x + total, 2);
      };
    `,
    fixed: [
      `
        export default async (pool) => {
          let total = 1;
          total += 1;
          return await pool.submit((x, total) => x + total, 2, total);
        };
      `,
    ],
    value: 4,
  },
  {
    title: "a constant of a function that is not a literal",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:3:28): it uses "names", a constant of the function around it (refused.mjs:2:9), which does not exist in the worker. Pass it as an argument: submit(fn, names)',
    refused: `
      export default async (pool) => {
        const names = ["warp", "weft"];
        return await pool.submit((i) => names[i], 1);
      };
    `,
    fixed: [
      `
        export default async (pool) => {
          const names = ["warp", "weft"];
          return await pool.submit((i, names) => names[i], 1, names);
        };
      `,
    ],
    value: "weft",
  },
  {
    title: "a variable of a pattern",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:3:28): it uses "rate", a constant of the function around it (refused.mjs:2:9), which does not exist in the worker. Pass it as an argument: submit(fn, rate)',
    refused: `
      export default async (pool) => {
        const { rate } = { rate: 5 };
        return await pool.submit((x) => x * rate, 2);
      };
    `,
    fixed: [
      `
        export default async (pool) => {
          const { rate } = { rate: 5 };
          return await pool.submit((x, rate) => x * rate, 2, rate);
        };
      `,
    ],
    value: 10,
  },
  {
    title: "a loop variable",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:3:52): it uses "n", a loop variable around it (refused.mjs:3:14), which does not exist in the worker. Pass it as an argument: submit(fn, n)',
    refused: `
      export default async (pool) => {
        const futures = [];
        for (const n of [1, 2]) futures.push(pool.submit(() => n * 2));
        return Promise.all(futures);
      };
    `,
    fixed: [
      `
        export default async (pool) => {
          const futures = [];
          for (const n of [1, 2]) futures.push(pool.submit((n) => n * 2, n));
          return Promise.all(futures);
        };
      `,
    ],
    value: [2, 4],
  },
  {
    title: "the variable of a catch",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:5:30): it uses "error", the variable of the catch around it (refused.mjs:4:12), which does not exist in the worker. Pass it as an argument: submit(fn, error)',
    refused: `
      export default async (pool) => {
        try {
          throw new Error("broken");
        } catch (error) {
          return await pool.submit(() => error.message.length);
        }
      };
    `,
    fixed: [
      `
        export default async (pool) => {
          try {
            throw new Error("broken");
          } catch (error) {
            return await pool.submit((error) => error.message.length, error);
          }
        };
      `,
    ],
    value: 6,
  },
  {
    title: "a class of a function",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:5:28): it uses "Box", a class of the function around it (refused.mjs:2:3), which does not exist in the worker. Declare it at the top level of the module',
    refused: `
      export default async (pool) => {
        class Box {
          size = 3;
        }
        return await pool.submit(() => new Box().size);
      };
    `,
    fixed: [
      `
        class Box {
          size = 3;
        }
        export default async (pool) => {
          return await pool.submit(() => new Box().size);
        };
      `,
    ],
    value: 3,
  },
  {
    title: "this of a method around it",
    says: "NotShippableError: Cannot ship the function (anonymous) (refused.mjs:4:30): it uses this of the function around it (refused.mjs:4:41), which does not exist in the worker. Ship a function that takes the object as an argument: submit((self) => …, object)",
    refused: `
      const scaler = {
        factor: 3,
        async scale(pool, x) {
          return await pool.submit((x) => x * this.factor, x);
        },
      };
      export default (pool) => scaler.scale(pool, 2);
    `,
    fixed: [
      `
        const scaler = {
          factor: 3,
          async scale(pool, x) {
            return await pool.submit((self, x) => x * self.factor, { factor: this.factor }, x);
          },
        };
        export default (pool) => scaler.scale(pool, 2);
      `,
    ],
    value: 6,
  },
  {
    title: "this of a method that is shipped",
    says: 'NotShippableError: Cannot ship the function "scale" (refused.mjs:3:8): it uses this (refused.mjs:4:16), which nothing gives it in the worker. Ship a function that takes the object as an argument: submit((self) => …, object)',
    refused: `
      const scaler = {
        factor: 3,
        scale(x) {
          return x * this.factor;
        },
      };
      export default async (pool) => await pool.submit(scaler.scale, 2);
    `,
    fixed: [
      `
        const scaler = {
          factor: 3,
        };
        export default async (pool) => await pool.submit((self, x) => x * self.factor, scaler, 2);
      `,
    ],
    value: 6,
  },
  {
    title: "super",
    says: "NotShippableError: Cannot ship the function (anonymous) (refused.mjs:3:30): it uses super of the function around it (refused.mjs:3:36), which does not exist in the worker. Ship a function that takes the object as an argument: submit((self) => …, object)",
    refused: `
      class List extends Array {
        async total(pool) {
          return await pool.submit(() => super.reduce((sum, x) => sum + x));
        }
      }
      export default (pool) => List.of(1, 2).total(pool);
    `,
    fixed: [
      `
        class List extends Array {
          async total(pool) {
            return await pool.submit((self) => self.reduce((sum, x) => sum + x), [...this]);
          }
        }
        export default (pool) => List.of(1, 2).total(pool);
      `,
    ],
    value: 3,
  },
  {
    title: "a private name",
    says: 'NotShippableError: Cannot ship the function "scaled" (refused.mjs:4:20): it uses #factor, a private name of the class around it (refused.mjs:4:37), which does not exist in the worker. Pass what it needs as arguments: submit(fn, this.#factor)',
    refused: `
      class Scaler {
        #factor = 3;
        async scale(pool, x) {
          const scaled = (other) => other.#factor * 2;
          return await pool.submit(scaled, this);
        }
      }
      export default (pool) => new Scaler().scale(pool, 2);
    `,
    fixed: [
      `
        class Scaler {
          #factor = 3;
          async scale(pool, x) {
            const scaled = (factor) => factor * 2;
            return await pool.submit(scaled, this.#factor);
          }
        }
        export default (pool) => new Scaler().scale(pool, 2);
      `,
    ],
    value: 6,
  },
  {
    title: "arguments of a function around it",
    says: "NotShippableError: Cannot ship the function (anonymous) (refused.mjs:2:28): it uses arguments of the function around it (refused.mjs:2:34), which does not exist in the worker. Pass what it needs as arguments: submit(fn, ...arguments)",
    refused: `
      async function first(pool) {
        return await pool.submit(() => arguments[1]);
      }
      export default (pool) => first(pool, "a");
    `,
    fixed: [
      `
        async function first(pool, ...given) {
          return await pool.submit((...given) => given[0], ...given);
        }
        export default (pool) => first(pool, "a");
      `,
    ],
    value: "a",
  },
  {
    title: "new.target of a function around it",
    says: "NotShippableError: Cannot ship the function (anonymous) (refused.mjs:2:27): it uses new.target of the function around it (refused.mjs:2:33), which does not exist in the worker. Pass what it needs as arguments: submit(fn, new.target.name)",
    refused: `
      function Made(pool) {
        this.name = pool.submit(() => new.target.name);
      }
      export default (pool) => new Made(pool).name;
    `,
    fixed: [
      `
        function Made(pool) {
          this.name = pool.submit((name) => name, new.target.name);
        }
        export default (pool) => new Made(pool).name;
      `,
    ],
    value: "Made",
  },
  {
    title: "eval()",
    says: "NotShippableError: Cannot ship the function (anonymous) (refused.mjs:1:50): it uses eval() (refused.mjs:1:57), which may use any variable. Write (0, eval)(text), which uses globals alone, and pass the rest as arguments",
    refused: `
      export default async (pool) => await pool.submit((x) => eval("x + 1"), 2);
    `,
    fixed: [
      `
        export default async (pool) => await pool.submit((x) => (0, eval)("(x) => x + 1")(x), 2);
      `,
    ],
    value: 3,
  },
  {
    title: "with",
    says: 'NotShippableError: Cannot ship the function "half" (refused.cjs:1:1): it uses with (refused.cjs:2:3), which may use any variable. Write the object before each of its properties',
    extension: "cjs",
    refused: `
      function half(box) {
        with (box) return size / 2;
      }
      module.exports = async (pool) => await pool.submit(half, { size: 6 });
    `,
    fixed: [
      `
        function half(box) {
          return box.size / 2;
        }
        module.exports = async (pool) => await pool.submit(half, { size: 6 });
      `,
    ],
    value: 3,
  },
  {
    title: "this in sloppy code",
    says: 'NotShippableError: Cannot ship the function "root" (refused.cjs:1:1): it uses this, which is the global object in sloppy code (refused.cjs:2:10), and a worker runs it as strict code. Write globalThis; or ship a function that takes the object',
    extension: "cjs",
    refused: `
      function root(x) {
        return this.Math.sqrt(x);
      }
      module.exports = async (pool) => await pool.submit(root, 9);
    `,
    fixed: [
      `
        function root(x) {
          return globalThis.Math.sqrt(x);
        }
        module.exports = async (pool) => await pool.submit(root, 9);
      `,
      `
        function root(self, x) {
          return self.Math.sqrt(x);
        }
        module.exports = async (pool) => await pool.submit((x) => root({ Math }, x), 9);
      `,
    ],
    value: 3,
  },
  {
    title: "arguments that follow parameters",
    says: 'NotShippableError: Cannot ship the function "bounded" (refused.cjs:2:1): it uses arguments, which follow its parameters in sloppy code (refused.cjs:4:10), and a worker runs it as strict code. Begin the file with "use strict"',
    extension: "cjs",
    refused: `
      const LIMIT = Number("10");
      function bounded(x) {
        x = Math.min(x, LIMIT);
        return arguments.length * x;
      }
      module.exports = async (pool) => await pool.submit(bounded, 12);
    `,
    fixed: [
      `
        "use strict";
        const LIMIT = Number("10");
        function bounded(x) {
          x = Math.min(x, LIMIT);
          return arguments.length * x;
        }
        module.exports = async (pool) => await pool.submit(bounded, 12);
      `,
    ],
    value: 10,
  },
  {
    title: "an assignment to a variable that no line declares",
    says: 'NotShippableError: Cannot ship the function "doubled" (refused.cjs:2:1): it assigns to "twice", which no line declares (refused.cjs:3:3), and a worker runs it as strict code. Declare it: let twice',
    extension: "cjs",
    refused: `
      const LIMIT = Number("10");
      function doubled(x) {
        twice = Math.min(x * 2, LIMIT);
        return twice;
      }
      module.exports = async (pool) => await pool.submit(doubled, 3);
    `,
    fixed: [
      `
        const LIMIT = Number("10");
        function doubled(x) {
          let twice = Math.min(x * 2, LIMIT);
          return twice;
        }
        module.exports = async (pool) => await pool.submit(doubled, 3);
      `,
    ],
    value: 6,
  },
  {
    title: "module of CommonJS",
    says: "NotShippableError: Cannot ship the function (anonymous) (refused.cjs:1:52): it uses module (refused.cjs:1:58), which is another one in the worker. Pass what it needs as arguments",
    extension: "cjs",
    refused: `
      module.exports = async (pool) => await pool.submit(() => module.id.length > 0);
    `,
    fixed: [
      `
        module.exports = async (pool) => await pool.submit((id) => id.length > 0, module.id);
      `,
    ],
    value: true,
  },
  {
    title: "require.main",
    says: "NotShippableError: Cannot ship the function (anonymous) (refused.cjs:1:52): it uses require.main (refused.cjs:1:58), which is another one in the worker. Pass what it needs as arguments",
    extension: "cjs",
    refused: `
      module.exports = async (pool) => await pool.submit(() => require.main === undefined);
    `,
    fixed: [
      `
        const isMain = require.main === undefined;
        module.exports = async (pool) => await pool.submit((isMain) => typeof isMain, isMain);
      `,
    ],
    value: "boolean",
  },
  {
    title: "import.meta.main",
    says: "NotShippableError: Cannot ship the function (anonymous) (refused.mjs:1:50): it uses import.meta.main (refused.mjs:1:57), which is false in a worker. Pass it as an argument",
    refused: `
      export default async (pool) => await pool.submit(() => [import.meta.main, import.meta.url].length);
    `,
    fixed: [
      `
        export default async (pool) =>
          await pool.submit((isMain) => [isMain, import.meta.url].length, import.meta.main);
      `,
    ],
    value: 2,
  },
  {
    title: "two variables of one name",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:7:30): it reaches two variables called "limit" (refused.mjs:5:11 and refused.mjs:1:7). Give one of them another name',
    refused: `
      const limit = 10;
      export default async (pool) => {
        const upper = () => limit;
        {
          const limit = 20;
          const lower = () => limit;
          return await pool.submit(() => upper() + lower());
        }
      };
    `,
    fixed: [
      `
        const limit = 10;
        export default async (pool) => {
          const upper = () => limit;
          {
            const other = 20;
            const lower = () => other;
            return await pool.submit(() => upper() + lower());
          }
        };
      `,
    ],
    value: 30,
  },
  {
    title: "an assignment to a variable of the module",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:3:21): it assigns to "count", a variable of the module (refused.mjs:3:29). Changes made in the worker stay in the worker: return the new value instead',
    refused: `
      let count = 0;
      export default async (pool) => {
        await pool.submit((x) => (count += x), 2);
        return count;
      };
    `,
    fixed: [
      `
        let count = 0;
        export default async (pool) => {
          count += await pool.submit((x) => x, 2);
          return count;
        };
      `,
    ],
    value: 2,
  },
  {
    title: "an assignment to a local variable",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:3:21): it assigns to "found", a local variable of the function around it (refused.mjs:3:30). Changes made in the worker stay in the worker: return the new value instead',
    refused: `
      export default async (pool) => {
        let found;
        await pool.submit((x) => { found = x * 2; }, 2);
        return found;
      };
    `,
    fixed: [
      `
        export default async (pool) => {
          let found;
          found = await pool.submit((x) => x * 2, 2);
          return found;
        };
      `,
    ],
    value: 4,
  },
  {
    title: "a global that is not in every worker",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:2:50): it uses "rate" (refused.mjs:2:61), which is neither a variable of its module nor a global of every worker. Pass it as an argument: submit(fn, rate)',
    refused: `
      globalThis.rate = 3;
      export default async (pool) => await pool.submit((x) => x * rate, 2);
    `,
    fixed: [
      `
        globalThis.rate = 3;
        export default async (pool) => await pool.submit((x, rate) => x * rate, 2, rate);
      `,
    ],
    value: 6,
  },
  {
    title: "a variable that a block declares",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:4:50): it reaches "mode", which a statement declares that does not run in the worker (refused.mjs:2:7). Declare it outside of blocks, or pass it as an argument',
    refused: `
      if (process.argv.length > 0) {
        var mode = "fast";
      }
      export default async (pool) => await pool.submit(() => mode);
    `,
    fixed: [
      `
        var mode = process.argv.length > 0 ? "fast" : undefined;
        export default async (pool) => await pool.submit(() => mode);
      `,
      `
        if (process.argv.length > 0) {
          var mode = "fast";
        }
        export default async (pool) => await pool.submit((mode) => mode, mode);
      `,
    ],
    value: "fast",
  },
  {
    title: "an import that a statement sets up",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:3:50): it uses "units" (refused.mjs:1:8), an import that the statement at refused.mjs:2:1 sets up; that statement does not run in the worker. Move it into a module of its own, and import that for its effect: import "./setup.js"',
    refused: `
      import units from "./units.mjs";
      units.register("m", 1);
      export default async (pool) => await pool.submit(() => units.get("m"));
    `,
    fixed: [
      `
        import units from "./units.mjs";
        import "./setup.mjs";
        export default async (pool) => await pool.submit(() => units.get("m"));
      `,
    ],
    files: {
      "setup.mjs": `
        import units from "./units.mjs";
        units.register("m", 1);
      `,
      "units.mjs": `
        const known = new Map();
        export default {
          register: (name, unit) => known.set(name, unit),
          get: (name) => known.get(name),
        };
      `,
    },
    value: 1,
  },
  {
    title: "a global that the module gives to its thread",
    says: "NotShippableError: Cannot ship the function (anonymous) (refused.mjs:2:50): it uses globalThis.limit (refused.mjs:2:56), which its module gives to the globals of this thread: a worker has its own. Pass it as an argument: submit(fn, globalThis.limit)",
    refused: `
      globalThis.limit = 3;
      export default async (pool) => await pool.submit(() => globalThis.limit);
    `,
    fixed: [
      `
        globalThis.limit = 3;
        export default async (pool) => await pool.submit((limit) => limit, globalThis.limit);
      `,
    ],
    value: 3,
  },
  {
    title: "an export that has changed since its module was evaluated",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:4:28): it uses "count" (refused.mjs:1:10), which has changed since "./counter.mjs" was evaluated: a worker evaluates "./counter.mjs" for itself, and has another value. Pass it as an argument: submit(fn, count)',
    refused: `
      import { count, raise } from "./counter.mjs";
      export default async (pool) => {
        raise();
        return await pool.submit(() => count > 0);
      };
    `,
    fixed: [
      `
        import { count, raise } from "./counter.mjs";
        export default async (pool) => {
          raise();
          return await pool.submit((count) => count > 0, count);
        };
      `,
    ],
    files: {
      "counter.mjs": `
        export let count = 0;
        export const raise = () => {
          count += 1;
        };
      `,
    },
    value: true,
  },
  {
    title: "what awaits heddle",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:5:50): it reaches "answer" (refused.mjs:3:7), which awaits what heddle does: every worker would do that work again. Pass it as an argument: submit(fn, answer)',
    refused: `
      import { ThreadPoolExecutor } from "heddle/concurrent/futures";
      const first = new ThreadPoolExecutor({ maxWorkers: 1 });
      const answer = await first.submit(() => 42);
      await first.shutdown();
      export default async (pool) => await pool.submit(() => answer + 1);
    `,
    fixed: [
      `
        import { ThreadPoolExecutor } from "heddle/concurrent/futures";
        const first = new ThreadPoolExecutor({ maxWorkers: 1 });
        const answer = await first.submit(() => 42);
        await first.shutdown();
        export default async (pool) => await pool.submit((answer) => answer + 1, answer);
      `,
    ],
    value: 43,
  },
  {
    title: "a lock",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:3:50): it reaches "lock" (refused.mjs:2:7), a Lock that every worker would make for itself, and not share. Pass it as an argument: submit(fn, lock)',
    refused: `
      import { Lock } from "heddle/threading";
      const lock = new Lock();
      export default async (pool) => await pool.submit(() => lock.with(() => 1));
    `,
    fixed: [
      `
        import { Lock } from "heddle/threading";
        const lock = new Lock();
        export default async (pool) => await pool.submit((lock) => lock.with(() => 1), lock);
      `,
    ],
    value: 1,
  },
  {
    title: "a lock of a module that a worker imports",
    says: 'RuntimeError: Cannot load the module "counter.mjs" in the worker: Cannot make a Lock for "lock" (counter.mjs:2:14) in a worker: every worker evaluates that declaration for itself, and no two share it. Pass "lock" as an argument to the function that uses it',
    refused: `
      import { count } from "./counter.mjs";
      export default async (pool) => await pool.submit(count, 2);
    `,
    fixed: [
      `
        import { Lock } from "heddle/threading";
        import { count } from "./counter-given.mjs";
        const lock = new Lock();
        export default async (pool) => await pool.submit(count, lock, 2);
      `,
    ],
    files: {
      "counter.mjs": `
        import { Lock } from "heddle/threading";
        const lock = new Lock();
        export const count = (x) => lock.with(() => x + 1);
      `,
      "counter-given.mjs": `
        export const count = (lock, x) => lock.with(() => x + 1);
      `,
    },
    value: 3,
  },
  {
    title: "shared memory",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:3:21): it reaches "counts" (refused.mjs:1:7), a SharedArrayBuffer that every worker would make for itself, and not share. Pass it as an argument: submit(fn, counts)',
    refused: `
      const counts = new Int32Array(new SharedArrayBuffer(8));
      export default async (pool) => {
        await pool.submit(() => Atomics.add(counts, 0, 1));
        return counts[0];
      };
    `,
    fixed: [
      `
        const counts = new Int32Array(new SharedArrayBuffer(8));
        export default async (pool) => {
          await pool.submit((counts) => Atomics.add(counts, 0, 1), counts);
          return counts[0];
        };
      `,
    ],
    value: 1,
  },
  {
    title: "a variable that a statement changes which cannot run again",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:3:50): it reaches "seen" (refused.mjs:1:7), which the statement at refused.mjs:2:1 changes; that does not run in the worker, because it uses setTimeout. Pass it as an argument: submit(fn, seen); or move "seen" and what changes it into a module of its own, which every worker evaluates for itself',
    refused: `
      const seen = new Map();
      setTimeout(() => seen.set("late", 1), 0);
      export default async (pool) => await pool.submit(() => [...seen.keys()]);
    `,
    fixed: [
      `
        const seen = new Map();
        setTimeout(() => seen.set("late", 1), 0);
        export default async (pool) => {
          while (seen.size === 0) await new Promise((resolve) => setTimeout(resolve));
          return await pool.submit((seen) => [...seen.keys()], seen);
        };
      `,
      `
        import { loaded, seen } from "./seen.mjs";
        export default async (pool) => await pool.submit(async () => {
          await loaded;
          return [...seen.keys()];
        });
      `,
    ],
    files: {
      "seen.mjs": `
        export const seen = new Map();
        export const loaded = new Promise((resolve) => {
          setTimeout(() => resolve(seen.set("late", 1)), 0);
        });
      `,
    },
    value: ["late"],
  },
  {
    title: "a variable that has no value yet",
    says: 'NotShippableError: Cannot ship the function "work" (refused.mjs:3:14): it reaches "factor" (refused.mjs:5:7), which has no value yet where refused.mjs:4:7 ships the function. Declare "factor" before that',
    refused: `
      import { ThreadPoolExecutor } from "heddle/concurrent/futures";
      const own = new ThreadPoolExecutor({ maxWorkers: 1 });
      const work = (x) => x * factor;
      const result = await own.submit(work, 2).result().catch((error) => error);
      const factor = 3;
      export default async () => {
        await own.shutdown();
        if (result instanceof Error) throw result;
        return result;
      };
    `,
    fixed: [
      `
        import { ThreadPoolExecutor } from "heddle/concurrent/futures";
        const own = new ThreadPoolExecutor({ maxWorkers: 1 });
        const factor = 3;
        const work = (x) => x * factor;
        const result = await own.submit(work, 2).result().catch((error) => error);
        export default async () => {
          await own.shutdown();
          if (result instanceof Error) throw result;
          return result;
        };
      `,
    ],
    value: 6,
  },
  {
    title: "a variable that changes after the function was shipped",
    says: 'NotShippableError: Cannot ship the function "work" (refused.mjs:4:14): it reaches "table" (refused.mjs:3:7), which the statement at refused.mjs:7:1 changes after refused.mjs:5:7 may have shipped the function. Pass it as an argument: submit(fn, table)',
    refused: `
      import { ThreadPoolExecutor } from "heddle/concurrent/futures";
      const own = new ThreadPoolExecutor({ maxWorkers: 1 });
      const table = [1];
      const work = () => table.length;
      const result = own.submit(work).result();
      result.catch(() => own.shutdown());
      table.push(2);
      export default () => result;
    `,
    fixed: [
      `
        import { ThreadPoolExecutor } from "heddle/concurrent/futures";
        const own = new ThreadPoolExecutor({ maxWorkers: 1 });
        const table = [1];
        const work = (table) => table.length;
        const result = own.submit(work, table).result();
        table.push(2);
        export default () => result.finally(() => own.shutdown());
      `,
    ],
    value: 1,
  },
  {
    title: "state of a module that others import, which it does not export",
    says: 'NotShippableError: Cannot ship the function (anonymous) (store.mjs:2:55): it reaches "cache" (store.mjs:1:7), which its module does not export, so that the worker would have it twice. Export "cache", or export the function',
    refused: `
      import { read } from "./store.mjs";
      export default (pool) => read(pool);
    `,
    fixed: [
      `
        import { read } from "./store-exported.mjs";
        export default (pool) => read(pool);
      `,
      `
        import { read } from "./store-function.mjs";
        export default (pool) => read(pool);
      `,
    ],
    files: {
      "store.mjs": `
        const cache = new Map([[1, "a"]]);
        export const read = async (pool) => await pool.submit((key) => cache.get(key), 1);
      `,
      "store-exported.mjs": `
        export const cache = new Map([[1, "a"]]);
        export const read = async (pool) => await pool.submit((key) => cache.get(key), 1);
      `,
      "store-function.mjs": `
        const cache = new Map([[1, "a"]]);
        export const get = (key) => cache.get(key);
        export const read = async (pool) => await pool.submit(get, 1);
      `,
    },
    value: "a",
  },
  {
    title: "an accessor",
    says: 'NotShippableError: Cannot ship the function "get size" (refused.mjs:2:23): it is an accessor (refused.mjs:2:15). Ship a function that takes the object as an argument',
    refused: `
      const unit = Number("3");
      const box = { get size() { return unit * 2; } };
      const { get } = Object.getOwnPropertyDescriptor(box, "size");
      export default async (pool) => await pool.submit(get);
    `,
    fixed: [
      `
        const unit = Number("3");
        const box = { get size() { return unit * 2; } };
        export default async (pool) => await pool.submit((self) => self.size, { ...box });
      `,
    ],
    value: 6,
  },
  {
    title: "a method with a computed name",
    isPlaceKnown: false,
    says: 'NotShippableError: Cannot ship the function "double" (refused.mjs:2:20): its text is not that of a function alone, as the text of a method with a computed name. Wrap it in a function of your own',
    refused: `
      const key = "double";
      const handlers = { [key](x) { return x * 2; } };
      export default async (pool) => await pool.submit(handlers[key], 2);
    `,
    fixed: [
      `
        const key = "double";
        const handlers = { [key](x) { return x * 2; } };
        export default async (pool) => await pool.submit((x) => handlers[key](x), 2);
      `,
    ],
    value: 4,
  },
  {
    title: "the text of a function of another module",
    says: "NotShippableError: Cannot ship the function (anonymous) (refused.mjs:3:51): it has the text of another (five.mjs:2:51), which may mean something else. Give one of them a name of its own",
    refused: `
      import { timesFive } from "./five.mjs";
      const K = 3;
      export default async (pool) => (await pool.submit((x) => x * K, 2)) + timesFive([2])[0];
    `,
    fixed: [
      `
        import { timesFive } from "./five.mjs";
        const K = 3;
        const timesThree = (x) => x * K;
        export default async (pool) => (await pool.submit(timesThree, 2)) + timesFive([2])[0];
      `,
    ],
    files: {
      "five.mjs": `
        const K = 5;
        export const timesFive = (numbers) => numbers.map((x) => x * K);
      `,
    },
    value: 16,
  },
  {
    title: "the text of another function of the module",
    says: "NotShippableError: Cannot ship the function (anonymous): its text stands at refused.mjs:2:26 and refused.mjs:3:26, where it means different things. Give the functions names of their own",
    refused: `
      const LIMIT = Number("10");
      const timesLimit = () => (x) => x * LIMIT;
      const times = (LIMIT) => (x) => x * LIMIT;
      export default async (pool) => await pool.submit(timesLimit(), times(1)(2));
    `,
    fixed: [
      `
        const LIMIT = Number("10");
        const timesLimit = () => function limited(x) { return x * LIMIT; };
        const times = (LIMIT) => (x) => x * LIMIT;
        export default async (pool) => await pool.submit(timesLimit(), times(1)(2));
      `,
    ],
    value: 20,
  },
  {
    title: "a property of the function",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:1:34): it has a property "unit" (refused.mjs:1:34), which the worker\'s would lack. Pass what it needs as arguments',
    refused: `
      const make = () => Object.assign((x) => x + base, { unit: "m" });
      const base = 1;
      export default async (pool) => await pool.submit(make(), 2);
    `,
    fixed: [
      `
        const make = () => (x) => x + base;
        const base = 1;
        export default async (pool) => await pool.submit(make(), 2);
      `,
    ],
    value: 3,
  },
  {
    title: "a bound function",
    says: 'NotShippableError: Cannot ship the function "bound add": it is native or bound, and no module exports it. Wrap it in a function of your own',
    refused: `
      const add = (a, b) => a + b;
      const addTwo = add.bind(null, 2);
      export default async (pool) => await pool.submit(addTwo, 3);
    `,
    fixed: [
      `
        const add = (a, b) => a + b;
        const addTwo = add.bind(null, 2);
        export default async (pool) => await pool.submit((x) => addTwo(x), 3);
      `,
    ],
    value: 5,
  },
  {
    title: "a method of the language",
    says: 'NotShippableError: Cannot ship the function "toUpperCase": it is native or bound, and no module exports it. Wrap it in a function of your own',
    refused: `
      export default async (pool) => await pool.submit("a".toUpperCase);
    `,
    fixed: [
      `
        export default async (pool) => await pool.submit((text) => text.toUpperCase(), "a");
      `,
    ],
    value: "A",
  },
  {
    title: "a class",
    isPlaceKnown: false,
    says: 'NotShippableError: Cannot ship the class "Box": it is to be constructed, not called. Ship a function that makes an instance',
    refused: `
      class Box {
        size = 3;
      }
      export default async (pool) => await pool.submit(Box);
    `,
    fixed: [
      `
        class Box {
          size = 3;
        }
        export default async (pool) => await pool.submit(() => new Box().size);
      `,
    ],
    value: 3,
  },
  {
    title: "a generator function",
    says: 'NotShippableError: Cannot ship the generator function "rows": a call has one result, and this one would give its values one by one. Return them in an array, or put each into a queue that you pass as an argument',
    refused: `
      function* rows(n) {
        for (let i = 0; i < n; i++) yield i;
      }
      export default async (pool) => await pool.submit(rows, 3);
    `,
    fixed: [
      `
        function* rows(n) {
          for (let i = 0; i < n; i++) yield i;
        }
        export default async (pool) => await pool.submit((n) => [...rows(n)], 3);
      `,
      `
        import { Queue } from "heddle/queue";
        function* rows(n) {
          for (let i = 0; i < n; i++) yield i;
        }
        function putRows(queue, n) {
          for (const row of rows(n)) queue.putNowait(row);
        }
        export default async (pool) => {
          const queue = new Queue();
          await pool.submit(putRows, queue, 3);
          return [queue.getNowait(), queue.getNowait(), queue.getNowait()];
        };
      `,
    ],
    value: [0, 1, 2],
  },
  {
    title: "a function whose text is in no module",
    isPlaceKnown: false,
    says: "NotShippableError: Cannot ship the function (anonymous) (refused.mjs:1:44): it uses pace, which does not exist in the worker. Pass what it needs as arguments: submit(fn, pace); or export the function from a module that is imported by its path in quotes; or mark it: task(import.meta.url, fn)",
    refused: `
      const maker = new Function("pace", "return (x) => x * pace");
      export default async (pool) => await pool.submit(maker(3), 2);
    `,
    fixed: [
      `
        const maker = new Function("return (x, pace) => x * pace");
        export default async (pool) => await pool.submit(maker(), 2, 3);
      `,
      `
        import { scaled } from "./scaled.mjs";
        export default async (pool) => await pool.submit(scaled, 2);
      `,
      `
        import { task } from "heddle";
        const maker = new Function("pace", "return (x) => x * pace");
        const scaled = task(import.meta.url, maker(3));
        export default async (pool) => await pool.submit(scaled, 2);
      `,
    ],
    files: {
      "scaled.mjs": `
        const maker = new Function("pace", "return (x) => x * pace");
        export const scaled = maker(3);
      `,
    },
    value: 6,
  },
  {
    title: "an assignment in a function whose text is in no module",
    says: 'NotShippableError: Cannot ship the function "anonymous": it assigns to count. Changes made in the worker stay in the worker: return the new value instead',
    refused: `
      globalThis.count = 1;
      const add = new Function("x", "count += x");
      export default async (pool) => {
        await pool.submit(add, 2);
        return count;
      };
    `,
    fixed: [
      `
        globalThis.count = 1;
        const add = new Function("count", "x", "return count + x");
        export default async (pool) => {
          count = await pool.submit(add, count, 2);
          return count;
        };
      `,
    ],
    value: 3,
  },
  {
    title: "a variable of a function into which a bundler has put all modules",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.cjs:3:54): it uses "limit", a constant of the function around it (refused.cjs:2:9), which does not exist in the worker. Pass it as an argument: submit(fn, limit). A bundler has put the modules of this file into functions: mark the function where its module defines it, task(import.meta.url, fn), or let the bundler write an ES module (output.module in webpack)',
    extension: "cjs",
    refused: `
      (() => {
        const limit = Number("3");
        module.exports = async (pool) => await pool.submit((x) => x * limit, 2);
      })();
    `,
    fixed: [
      `
        (() => {
          const limit = Number("3");
          module.exports = async (pool) => await pool.submit((x, limit) => x * limit, 2, limit);
        })();
      `,
      `
        (() => {
          const { task } = require("heddle");
          const limit = Number("3");
          const limited = task(__filename, (x) => x * limit);
          module.exports = async (pool) => await pool.submit(limited, 2);
        })();
      `,
    ],
    value: 6,
  },
  {
    title: "a function of a module that has changed",
    says: 'NotShippableError: Cannot ship the function "scale" (refused.mjs:3:15): its module has changed since the program started (refused.mjs:3:15), so that a worker would get other code. Start the program again',
    refused: `
      import { readFileSync, writeFileSync } from "node:fs";
      const FACTOR = Number("3");
      const scale = (n) => n * FACTOR;
      export default async (pool) => {
        const file = new URL(import.meta.url);
        writeFileSync(file, readFileSync(file, "utf8").replace('("3")', '("4")'));
        return await pool.submit(scale, 2);
      };
    `,
    fixed: [
      `
        const FACTOR = Number("4");
        const scale = (n) => n * FACTOR;
        export default async (pool) => await pool.submit(scale, 2);
      `,
    ],
    value: 8,
  },
  {
    title: "a function that is marked where a worker does not come",
    says: 'NotShippableError: Cannot run the task "0" of "marked.mjs": the module marks no such task in the worker. It marks nothing; is task() inside an if?',
    refused: `
      import { scaled } from "./marked.mjs";
      export default async (pool) => await pool.submit(scaled, 2);
    `,
    fixed: [
      `
        import { scaled } from "./marked-always.mjs";
        export default async (pool) => await pool.submit(scaled, 2);
      `,
    ],
    files: {
      "marked.mjs": `
        import { isMainThread, task } from "heddle";
        const make = (factor) => (n) => n * factor;
        export let scaled = make(3);
        if (isMainThread) scaled = task(import.meta.url, scaled);
      `,
      "marked-always.mjs": `
        import { task } from "heddle";
        const make = (factor) => (n) => n * factor;
        export const scaled = task(import.meta.url, make(3));
      `,
    },
    value: 6,
  },
  {
    title: "an export that is another function in a worker",
    says: 'NotShippableError: Cannot run "scaled": "by-thread.mjs" exports no such function in the worker. It exports "scaled"; does the export depend on the thread?',
    refused: `
      import { scaled } from "./by-thread.mjs";
      export default async (pool) => await pool.submit(scaled, 2);
    `,
    fixed: [
      `
        import { scaled } from "./everywhere.mjs";
        export default async (pool) => await pool.submit(scaled, 2);
      `,
    ],
    files: {
      "by-thread.mjs": `
        import { isMainThread } from "heddle";
        const factor = Number("3");
        export const scaled = isMainThread ? (n) => n * factor : undefined;
      `,
      "everywhere.mjs": `
        const factor = Number("3");
        export const scaled = (n) => n * factor;
      `,
    },
    value: 6,
  },
  {
    title: "a property of a function whose text is in no module",
    isPlaceKnown: false,
    says: 'NotShippableError: Cannot ship the function "anonymous": it uses its property "unit", which does not exist in the worker. Write it without that; or export "anonymous" from a module that is imported by its path in quotes; or mark it: task(import.meta.url, fn)',
    refused: `
      const size = Object.assign(new Function("return 5"), { unit: "cm" });
      export default async (pool) => await pool.submit(size);
    `,
    fixed: [
      `
        const size = new Function("return 5");
        export default async (pool) => await pool.submit(size);
      `,
      `
        import { size } from "./size.mjs";
        export default async (pool) => await pool.submit(size);
      `,
      `
        import { task } from "heddle";
        const size = Object.assign(new Function("return 5"), { unit: "cm" });
        const marked = task(import.meta.url, size);
        export default async (pool) => await pool.submit(marked);
      `,
    ],
    files: {
      "size.mjs": `
        export const size = Object.assign(new Function("return 5"), { unit: "cm" });
      `,
    },
    value: 5,
  },
  {
    title: "several variables of a function whose text is in no module",
    isPlaceKnown: false,
    says: 'NotShippableError: Cannot ship the function "anonymous": it uses pace and rest, which do not exist in the worker. Pass what it needs as arguments: submit(fn, pace, rest); or export "anonymous" from a module that is imported by its path in quotes; or mark it: task(import.meta.url, fn)',
    refused: `
      Object.assign(globalThis, { pace: 2, rest: 1 });
      const moved = new Function("n", "return n * pace + rest");
      export default async (pool) => await pool.submit(moved, 2);
    `,
    fixed: [
      `
        const moved = new Function("n", "pace", "rest", "return n * pace + rest");
        export default async (pool) => await pool.submit(moved, 2, 2, 1);
      `,
      `
        import { moved } from "./moved.mjs";
        export default async (pool) => await pool.submit(moved, 2);
      `,
    ],
    files: {
      "moved.mjs": `
        Object.assign(globalThis, { pace: 2, rest: 1 });
        export const moved = new Function("n", "return n * pace + rest");
      `,
    },
    value: 5,
  },
  {
    title: "the name of a function around it",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:3:10): it uses "walk", the name of the function around it (refused.mjs:2:14), which does not exist in the worker. Pass it as an argument: submit(fn, walk)',
    refused: `
      const step = Math.abs(3);
      const walk = function walk() {
        return (m) => typeof walk === "function" && m + step;
      };
      export default async (pool) => await pool.submit(walk(), 2);
    `,
    fixed: [
      `
        const step = Math.abs(3);
        const walk = function walk(n) {
          return n;
        };
        const next = (m, walk) => walk(m) + step;
        export default async (pool) => await pool.submit(next, 2, walk);
      `,
    ],
    value: 5,
  },
  {
    title: "an initialiser that fails in a worker",
    says: 'RuntimeError: Cannot evaluate in the worker what the function uses of "refused.mjs": no rate. Pass what fails as an argument, or compute it in the function',
    refused: `
      import { isMainThread } from "heddle";
      const load = () => {
        if (!isMainThread) throw new Error("no rate");
        return 3;
      };
      const rate = load();
      export default async (pool) => await pool.submit((n) => n * rate, 2);
    `,
    fixed: [
      `
        import { isMainThread } from "heddle";
        const load = () => {
          if (!isMainThread) throw new Error("no rate");
          return 3;
        };
        const rate = load();
        export default async (pool) => await pool.submit((n, rate) => n * rate, 2, rate);
      `,
      `
        import { isMainThread } from "heddle";
        const load = () => (isMainThread ? 4 : 3);
        export default async (pool) => await pool.submit((n) => n * load(), 2);
      `,
    ],
    value: 6,
  },
  {
    title: "a function of the language that a worker has another one of",
    says: "NotShippableError: Cannot run Math.max: the worker has another function there. Ship a function of your own that calls it",
    refused: `
      import { ThreadPoolExecutor } from "heddle/concurrent/futures";
      const initializer = () => {
        Math.max = () => 7;
      };
      export default async () => {
        const own = new ThreadPoolExecutor({ maxWorkers: 1, initializer });
        return await own.submit(Math.max, 1, 2).finally(() => own.shutdown());
      };
    `,
    fixed: [
      `
        import { ThreadPoolExecutor } from "heddle/concurrent/futures";
        const initializer = () => {
          Math.max = () => 7;
        };
        export default async () => {
          const own = new ThreadPoolExecutor({ maxWorkers: 1, initializer });
          return await own.submit((a, b) => Math.max(a, b), 1, 2).finally(() => own.shutdown());
        };
      `,
    ],
    value: 7,
  },
  {
    title: "what a statement changes that nests too deep",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:3:50): it reaches "list" (refused.mjs:1:7), which the statement at refused.mjs:4:1 changes; that does not run in the worker, because it is too large to be followed. Pass it as an argument: submit(fn, list); or move "list" and what changes it into a module of its own, which every worker evaluates for itself',
    refused: `
      const list = [];
      const same = () => same;
      export default async (pool) => await pool.submit(() => list.length);
      list.push(same${"()".repeat(900)});
    `,
    fixed: [
      `
        const list = [];
        const same = () => same;
        export default async (pool) => await pool.submit((list) => list.length, list.map(String));
        list.push(same${"()".repeat(900)});
      `,
      `
        import { list } from "./list.mjs";
        export default async (pool) => await pool.submit(() => list.length);
      `,
    ],
    files: {
      "list.mjs": `
        export const list = [];
        const same = () => same;
        list.push(same${"()".repeat(900)});
      `,
    },
    value: 1,
  },
  {
    title: "a class that a block declares, as a value",
    says: 'SendError: Cannot send args to another thread: args[0] is the class "Box" (refused.mjs:2:3), which cannot be sent: it is a class that a function or a block declares. Declare it at the top level of its module',
    refused: `
      export default async (pool) => {
        class Box {
          size = 3;
        }
        return await pool.submit((Class) => new Class().size, Box);
      };
    `,
    fixed: [
      `
        class Box {
          size = 3;
        }
        export default async (pool) => await pool.submit((Class) => new Class().size, Box);
      `,
    ],
    value: 3,
  },
  {
    title: "a class of a module that is imported, which that does not export",
    says: 'SendError: Cannot send args to another thread: args[0] is the class "Box" (box.mjs:1:1), which cannot be sent: it is a class that no module exports, so that a worker would have it twice, with its module and without. Export it',
    refused: `
      import { box } from "./box.mjs";
      export default async (pool) => await pool.submit((Class) => new Class().size, box.constructor);
    `,
    fixed: [
      `
        import { box } from "./exported-box.mjs";
        export default async (pool) => await pool.submit((Class) => new Class().size, box.constructor);
      `,
    ],
    files: {
      "box.mjs": `
        class Box {
          size = 3;
        }
        export const box = new Box();
      `,
      "exported-box.mjs": `
        export class Box {
          size = 3;
        }
        export const box = new Box();
      `,
    },
    value: 3,
  },
  {
    title: "what a function uses that is sent as a value",
    says: 'SendError: Cannot send args to another thread: args[0] is the function (anonymous) (refused.mjs:3:46), which cannot be sent: it uses "by", a constant of the function around it (refused.mjs:2:9), which does not exist in the worker. Send "by" beside the function, and have the receiver pass it to the function',
    refused: `
      export default async (pool) => {
        const by = Math.abs(3);
        return await pool.submit((fn, n) => fn(n), (n) => n * by, 2);
      };
    `,
    fixed: [
      `
        export default async (pool) => {
          const by = Math.abs(3);
          return await pool.submit((fn, n, by) => fn(n, by), (n, by) => n * by, 2, by);
        };
      `,
    ],
    value: 6,
  },
  {
    title: "a function that comes back as a value, with state of its module",
    says: 'SendError: Cannot receive the function "see": this thread has evaluated refused.mjs itself, and would have it twice. Move it to a module of its own, and export it there',
    refused: `
      const seen = [];
      const see = (n) => seen.push(n);
      export default async (pool) => (await pool.submit(() => see))(1);
    `,
    fixed: [
      `
        import { see } from "./see.mjs";
        export default async (pool) => (await pool.submit(() => see))(1);
      `,
    ],
    files: {
      "see.mjs": `
        const seen = [];
        export const see = (n) => seen.push(n) + 0;
      `,
    },
    value: 1,
  },
  {
    title: "a global that is a variable of the module, in a function whose text is in no module",
    isPlaceKnown: false,
    says: 'NotShippableError: Cannot ship the function "anonymous": it uses Date (a variable here, not the global), which does not exist in the worker. Pass what it needs as arguments: submit(fn, Date); or export "anonymous" from a module that is imported by its path in quotes; or mark it: task(import.meta.url, fn)',
    refused: `
      class Date {
        static now = () => 5;
      }
      const now = new Function("return Date.now()");
      export default async (pool) => await pool.submit(now);
    `,
    fixed: [
      `
        class Date {
          static now = () => 5;
        }
        const now = new Function("Date", "return Date.now()");
        export default async (pool) => await pool.submit(now, Date);
      `,
    ],
    value: 5,
  },
  {
    title: "an object with symbols as keys",
    says: 'SendError: Cannot send args to another thread: args[0] is an instance of Box, which has fields with symbols as keys. Give the class a method [reduce] (import { reduce } from "heddle")',
    refused: `
      const SIZE = Symbol.for("size");
      class Box {
        constructor(size) {
          this[SIZE] = size;
        }
      }
      export default async (pool) => await pool.submit((box) => box[SIZE], new Box(3));
    `,
    fixed: [
      `
        import { Box, SIZE } from "./box.mjs";
        export default async (pool) => await pool.submit((box) => box[SIZE], new Box(3));
      `,
    ],
    files: {
      "box.mjs": `
        import { reduce } from "heddle";
        export const SIZE = Symbol.for("size");
        export class Box {
          constructor(size) {
            this[SIZE] = size;
          }
          [reduce]() {
            return [Box, [this[SIZE]]];
          }
        }
      `,
    },
    value: 3,
  },
  {
    title: "a [reduce]() that gives no list of arguments",
    says: "SendError: Cannot send args to another thread: args[0] is an instance of Box, whose [reduce]() does not return a function and its arguments",
    refused: `
      import { reduce } from "heddle";
      class Box {
        constructor(size) {
          this.size = size;
        }
        [reduce]() {
          return [Box, this.size];
        }
      }
      export default async (pool) => await pool.submit((box) => box.size, new Box(3));
    `,
    fixed: [
      `
        import { Box } from "./box.mjs";
        export default async (pool) => await pool.submit((box) => box.size, new Box(3));
      `,
    ],
    files: {
      "box.mjs": `
        import { reduce } from "heddle";
        export class Box {
          constructor(size) {
            this.size = size;
          }
          [reduce]() {
            return [Box, [this.size]];
          }
        }
      `,
    },
    value: 3,
  },
];
