/* oxlint-disable -- code as someone new writes it */
// Loads plugins when they are asked for, and keeps them in a registry of the module.
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const loaders = {
  lists: () => import("./helpers-lists.mjs"),
  text: async () => (await import("./helpers-text.mjs")).split,
};
const loaded = new Map();
async function plugin(name) {
  if (!loaded.has(name)) loaded.set(name, await loaders[name]());
  return loaded.get(name);
}
async function run(name, ...args) {
  const found = await plugin(name);
  return typeof found === "function" ? found(...args) : found.chunk(...args);
}

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
console.log((await pool.submit(run, "text", "a b c")).join("+"));
console.log(await pool.submit(async (list) => (await run("lists", list, 1)).length, [1, 2]));
console.log(await pool.submit(async () => [...loaded.keys()].join()));
console.log(
  await pool.submit(
    async (file) => {
      const { default: all } = await import(file);
      return Object.keys(all).join();
    },
    new URL("./helpers-all.mjs", import.meta.url).href,
  ),
);
await pool.shutdown();
