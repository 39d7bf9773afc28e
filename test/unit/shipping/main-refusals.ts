/** Reasons for which functions of a program's main module alone are refused: each program prints its outcome. */
import type { Refusal } from "./refusals.ts";

/** A module with a function whose text is in none. */
const MADE = [
  "globalThis.pace = 3;",
  'const made = new Function("n", "return n * pace");',
  'export const scaled = Object.defineProperty(made, "name", { value: "scaled" });',
].join(" ");
/** The same in one that awaits. */
const AWAITING = `await Promise.resolve(); ${MADE}`;

/** A thread that waits for a barrier of the main thread, whose action a module exports. */
function waitingIn(path: string): string {
  return `
    import { Barrier, Thread } from "heddle/threading";
    import { scaled } from "${path}";
    const barrier = new Barrier(2, { action: scaled });
    const thread = new Thread({ target: (barrier) => barrier.waitSync(), args: [barrier] });
    const waiting = barrier.wait().catch(() => undefined);
    thread.start();
    const outcome = await thread.join().then(() => 1, String);
    barrier.abort();
    await waiting;
    console.log(outcome);
  `;
}

/** A module that submits a function while it is being evaluated. */
function submittedWhileEvaluated(change: string): string {
  return `
    import { isMainThread, task } from "heddle";
    import { ThreadPoolExecutor } from "heddle/concurrent/futures";
    const rate = Math.abs(3);
    export let scaled = (n) => n * rate;
    ${change}
    const pool = isMainThread && new ThreadPoolExecutor({ maxWorkers: 1 });
    export const outcome =
      isMainThread && pool.submit(scaled, 2).catch(String).finally(() => pool.shutdown());
  `;
}

/** A function of another module, which has the text of one here, and other variables. */
const BY_VARIABLE = {
  refused: `
    import { ThreadPoolExecutor } from "heddle/concurrent/futures";
    const name = [".", "make.mjs"].join("/");
    const { make } = await import(name);
    const rate = Math.abs(3);
    const own = (n) => n * rate;
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    console.log(await (async () => await pool.submit(make(), own(1)))().catch(String));
    await pool.shutdown();
  `,
  fixed: [
    `
      import { ThreadPoolExecutor } from "heddle/concurrent/futures";
      import { make } from "./exporting.mjs";
      const rate = Math.abs(3);
      const own = (n) => n * rate;
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      console.log(await (async () => await pool.submit(make(), own(1)))().catch(String));
      await pool.shutdown();
    `,
    `
      import { ThreadPoolExecutor } from "heddle/concurrent/futures";
      const name = [".", "marked.mjs"].join("/");
      const { make } = await import(name);
      const rate = Math.abs(3);
      const own = (n) => n * rate;
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      console.log(await (async () => await pool.submit(make(), own(1)))().catch(String));
      await pool.shutdown();
    `,
  ],
  files: {
    "make.mjs": `
      const rate = Math.abs(4);
      export const make = () => (n) => n * rate;
    `,
    "exporting.mjs": `
      const rate = Math.abs(4);
      export const scaled = (n) => n * rate;
      export const make = () => scaled;
    `,
    "marked.mjs": `
      import { task } from "heddle";
      const rate = Math.abs(4);
      const scaled = task(import.meta.url, (n) => n * rate);
      export const make = () => scaled;
    `,
  },
  value: "12",
} as const;

/** A sum that takes more calls to read than a stack of V8 holds. */
const LONG_SUM = `const rate = Math.abs(3); export const long = (n) => rate${" + n".repeat(3000)};`;

/** Makes a pool where V8 compiles no text. */
const FORBIDDING = [
  'import { setFlagsFromString } from "node:v8";',
  'import { ThreadPoolExecutor } from "heddle/concurrent/futures";',
  'setFlagsFromString("--disallow-code-generation-from-strings");',
  "const pool = new ThreadPoolExecutor({ maxWorkers: 1 });",
].join(" ");

/** Those that only the program's main module meets: each prints its outcome. */
export const OF_MAIN_MODULES: readonly Refusal[] = [
  {
    title: "a function of a module that imports the main module, which awaits",
    says: 'NotShippableError: Cannot ship the function "scaled" (scaled.mjs:2:23): its module scaled.mjs (scaled.mjs:1:1) imports the main module refused.mjs, which awaits at its top level, so no worker can import it. Move what scaled.mjs uses of refused.mjs to a module of its own',
    refused: `
      import { ThreadPoolExecutor } from "heddle/concurrent/futures";
      import { scaled } from "./scaled.mjs";
      export const rate = () => 3;
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      console.log(await (async () => await pool.submit(scaled, 2))().catch(String));
      await pool.shutdown();
    `,
    fixed: [
      `
        import { ThreadPoolExecutor } from "heddle/concurrent/futures";
        import { scaled } from "./scaled-by-rate.mjs";
        const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
        console.log(await pool.submit(scaled, 2));
        await pool.shutdown();
      `,
    ],
    files: {
      "scaled.mjs": `
        import { rate } from "./refused.mjs";
        export const scaled = (x) => x * rate();
      `,
      "scaled-by-rate.mjs": `
        import { rate } from "./rate.mjs";
        export const scaled = (x) => x * rate();
      `,
      "rate.mjs": "export const rate = () => 3;",
    },
    value: "6",
  },
  {
    title: "an import of a module that imports the main module, which awaits",
    says: 'NotShippableError: Cannot ship the function (anonymous) (refused.mjs:5:50): it uses "scaled" of "./scaled.mjs" (refused.mjs:2:1), which imports this module again; that awaits at its top level, so no worker can import it. Move what "./scaled.mjs" uses of it to a module of its own',
    refused: `
      import { ThreadPoolExecutor } from "heddle/concurrent/futures";
      import { scaled } from "./scaled.mjs";
      export const rate = () => 3;
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      console.log(await (async () => await pool.submit((x) => scaled(x) + 1, 2))().catch(String));
      await pool.shutdown();
    `,
    fixed: [
      `
        import { ThreadPoolExecutor } from "heddle/concurrent/futures";
        import { scaled } from "./scaled-by-rate.mjs";
        const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
        console.log(await pool.submit((x) => scaled(x) + 1, 2));
        await pool.shutdown();
      `,
    ],
    files: {
      "scaled.mjs": `
        import { rate } from "./refused.mjs";
        export const scaled = (x) => x * rate();
      `,
      "scaled-by-rate.mjs": `
        import { rate } from "./rate.mjs";
        export const scaled = (x) => x * rate();
      `,
      "rate.mjs": "export const rate = () => 3;",
    },
    value: "7",
  },
  {
    title: "decorators, which Deno compiles and no slice has",
    where: ["deno"],
    extension: "ts",
    says: "NotShippableError: Cannot ship the function (anonymous) (refused.ts:10:50): it uses TypeScript that is not compiled here, such as decorators. Build the program to JavaScript first, or export the function from its own module",
    refused: `
      import { ThreadPoolExecutor } from "heddle/concurrent/futures";
      const same = (value: () => number, _context: unknown) => value;
      class Box {
        @same
        size() {
          return 3;
        }
      }
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      console.log(await (async () => await pool.submit(() => new Box().size()))().catch(String));
      await pool.shutdown();
    `,
    fixed: [
      `
        import { ThreadPoolExecutor } from "heddle/concurrent/futures";
        import { size } from "./box.ts";
        const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
        console.log(await pool.submit(size));
        await pool.shutdown();
      `,
    ],
    files: {
      "box.ts": `
        const same = (value: () => number, _context: unknown) => value;
        class Box {
          @same
          size() {
            return 3;
          }
        }
        export const size = () => new Box().size();
      `,
    },
    value: "3",
  },
  {
    title:
      "a function of a main module that awaits and cannot be read, as JSX in a file of JavaScript",
    where: ["bun"],
    extension: "js",
    says: 'NotShippableError: Cannot ship the function "area" (refused.js:5:21): it uses PI, and its module awaits at its top level, so no worker can import it. Move "area" to its own file, or wrap it in task(import.meta.url, fn)',
    refused: `
      /** @jsxRuntime classic */
      /** @jsx h */
      import { ThreadPoolExecutor } from "heddle/concurrent/futures";
      const h = (tag) => ({ tag });
      export const area = (r) => r * r * PI;
      const PI = Math.abs(3);
      const view = () => <b />;
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      console.log(await (async () => await pool.submit(area, 2))().catch(String));
      await pool.shutdown();
    `,
    fixed: [
      `
        /** @jsxRuntime classic */
        /** @jsx h */
        import { ThreadPoolExecutor } from "heddle/concurrent/futures";
        import { area } from "./area.js";
        const h = (tag) => ({ tag });
        const view = () => <b />;
        const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
        console.log(await pool.submit(area, 2));
        await pool.shutdown();
      `,
      `
        /** @jsxRuntime classic */
        /** @jsx h */
        import { task } from "heddle";
        import { ThreadPoolExecutor } from "heddle/concurrent/futures";
        const h = (tag) => ({ tag });
        export const area = task(import.meta.url, (r) => r * r * PI);
        const PI = Math.abs(3);
        const view = () => <b />;
        const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
        console.log(await pool.submit(area, 2));
        await pool.shutdown();
      `,
    ],
    files: {
      "area.js": `
        export const area = (r) => r * r * PI;
        const PI = Math.abs(3);
      `,
    },
    value: "12",
  },
  {
    title: "a function that only waiting finds, as a value",
    where: ["node", "deno"],
    says: 'SendError: Cannot send args to another thread: args[0] is the function "scaled", which cannot be sent: it takes waiting to find the module that exports it. Await a call of it before: await submit(fn)',
    refused: `
      import { ThreadPoolExecutor } from "heddle/concurrent/futures";
      import { scaled } from "./scaled.mjs";
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      console.log(await pool.submit((fn, n) => fn(n), scaled, 2).catch(String));
      await pool.shutdown();
    `,
    fixed: [
      `
        import { ThreadPoolExecutor } from "heddle/concurrent/futures";
        import { scaled } from "./scaled.mjs";
        const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
        await pool.submit(scaled, 1);
        console.log(await pool.submit((fn, n) => fn(n), scaled, 2).catch(String));
        await pool.shutdown();
      `,
    ],
    files: { "scaled.mjs": AWAITING },
    value: "6",
  },
  {
    title: "a barrier's action that only waiting finds",
    where: ["node", "deno"],
    says: 'NotShippableError: Cannot wait for the barrier: this thread cannot run its action. The module that exports "scaled" cannot be found without waiting for it. Export it from a module that does not await at its top level',
    refused: waitingIn("./scaled.mjs"),
    fixed: [waitingIn("./at-once.mjs")],
    files: {
      "scaled.mjs": AWAITING,
      "at-once.mjs": AWAITING.replace("await Promise.resolve();", ""),
    },
    value: "1",
  },
  {
    title: "a barrier's action whose module only waiting loads",
    where: ["node", "deno"],
    says: 'RuntimeError: Cannot load the module "rate.mjs" without waiting for it: use the form of the method that returns a promise',
    refused: waitingIn("./rate.mjs"),
    fixed: [waitingIn("./rate.mjs").replace("barrier.waitSync()", "barrier.wait()")],
    files: {
      "rate.mjs": `
        const rate = await Promise.resolve(3);
        export const scaled = () => rate;
      `,
    },
    value: "1",
  },
  {
    title: "a function of the main module whose text is in none, as a value",
    says: 'SendError: Cannot receive the function "scaled": its module is the main module, which does not run in a worker. Move it to a file of its own',
    refused: `
      import { ThreadPoolExecutor } from "heddle/concurrent/futures";
      ${MADE}
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      setTimeout(async () => {
        console.log(await pool.submit((fn, n) => fn(n), scaled, 2).catch(String));
        await pool.shutdown();
      }, 1);
    `,
    fixed: [
      `
        import { ThreadPoolExecutor } from "heddle/concurrent/futures";
        import { scaled } from "./scaled.mjs";
        const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
        setTimeout(async () => {
          console.log(await pool.submit((fn, n) => fn(n), scaled, 2).catch(String));
          await pool.shutdown();
        }, 1);
      `,
    ],
    files: { "scaled.mjs": MADE },
    value: "6",
  },
  {
    title: "an export that is another function in a worker, of a module that is being evaluated",
    where: ["node", "deno"],
    says: 'NotShippableError: Cannot run "scaled": "by-thread.mjs" exports a different function under that name. Export the function that is shipped, or mark it: task(import.meta.url, fn)',
    refused: 'import { outcome } from "./by-thread.mjs"; console.log(await outcome);',
    fixed: [
      'import { outcome } from "./everywhere.mjs"; console.log(await outcome);',
      'import { outcome } from "./marked.mjs"; console.log(await outcome);',
    ],
    files: {
      "by-thread.mjs": submittedWhileEvaluated("if (!isMainThread) scaled = (n) => n * rate + 1;"),
      "everywhere.mjs": submittedWhileEvaluated(""),
      "marked.mjs": submittedWhileEvaluated("scaled = task(import.meta.url, scaled);"),
    },
    value: "6",
  },
  {
    title: "the text of a function of the main module, in a module that is imported by a variable",
    where: ["deno"],
    says: "NotShippableError: Cannot ship the function (anonymous): it has the text of another function (refused.mjs:5:13), and may be one of a module that refused.mjs:3:24 imports by a variable. Import the module that has it by its path in quotes, or mark it: task(import.meta.url, fn)",
    ...BY_VARIABLE,
  },
  {
    title: "the text of a function of the main module, in a module that the engine names",
    where: ["node"],
    says: "NotShippableError: Cannot ship the function (anonymous): it has the text of another function (refused.mjs:5:13), and is one of make.mjs. Import the module that has it by its path in quotes, or mark it: task(import.meta.url, fn)",
    ...BY_VARIABLE,
  },
  {
    title: "the text of a function of the main module, in another module that is loaded",
    where: ["bun"],
    says: "NotShippableError: Cannot ship the function (anonymous): it has the text of another function (refused.mjs:5:13), and may be one of make.mjs:2:27. Import the module that has it by its path in quotes, or mark it: task(import.meta.url, fn)",
    ...BY_VARIABLE,
  },
  {
    title: "an expression that nests deeper than the stack",
    where: ["node", "deno"],
    says: 'NotShippableError: Cannot ship the function "long" (refused.mjs:2:47): it, or what it uses, nests deeper than the stack holds. Export it from a module of its own',
    refused: `
      import { ThreadPoolExecutor } from "heddle/concurrent/futures";
      ${LONG_SUM}
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      console.log(await (async () => await pool.submit(long, 1))().catch(String));
      await pool.shutdown();
    `,
    fixed: [
      `
        import { ThreadPoolExecutor } from "heddle/concurrent/futures";
        import { long } from "./long.mjs";
        const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
        console.log(await pool.submit(long, 1));
        await pool.shutdown();
      `,
    ],
    files: { "long.mjs": LONG_SUM },
    value: "3003",
  },
  {
    title: "a text that workers must not compile",
    where: ["node"],
    says: "RuntimeError: Cannot rebuild the function (anonymous) in the worker: EvalError: Code generation from strings disallowed for this context. Export it from its own module, or mark it: task(import.meta.url, fn)",
    refused: `
      ${FORBIDDING}
      console.log(await pool.submit((n) => n + 1, 1).catch(String));
      await pool.shutdown();
    `,
    fixed: [
      `
        import { next } from "./next.mjs";
        ${FORBIDDING}
        console.log(await pool.submit(next, 1).catch(String));
        await pool.shutdown();
      `,
      `
        import { marked } from "./next.mjs";
        ${FORBIDDING}
        console.log(await pool.submit(marked, 1).catch(String));
        await pool.shutdown();
      `,
    ],
    files: {
      "next.mjs": `
        import { task } from "heddle";
        export const next = (n) => n + 1;
        export const marked = task(import.meta.url, (n) => n + 1);
      `,
    },
    value: "2",
  },
];
