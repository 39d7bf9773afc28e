/* oxlint-disable -- code as someone new writes it */
// An application class that owns its pool, events, a decorator function, and a pipeline of steps.
import { EventEmitter } from "node:events";
import { performance } from "node:perf_hooks";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const once = (fn) => {
  let done = false;
  let value;
  return (...args) => {
    if (!done) [done, value] = [true, fn(...args)];
    return value;
  };
};
const stopWords = once(() => new Set(["a", "the", "of"]));
const tokenize = (text) => text.toLowerCase().match(/[a-z]+/g) ?? [];
const STEPS = [tokenize, (words) => words.filter((word) => !stopWords().has(word)), countWords];

function countWords(words) {
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
export function analyse(text) {
  return STEPS.reduce((value, step) => step(value), text);
}

class App extends EventEmitter {
  #pool = new ThreadPoolExecutor({ maxWorkers: 2 });
  started = performance.now();
  async run(texts) {
    for (const text of texts) {
      const counts = await this.#pool.submit(analyse, text);
      this.emit("counted", [...counts].map(([word, n]) => `${word}:${n}`).join(" "));
    }
    const longest = await this.#pool.submit(
      (all) => all.map(tokenize).map((words) => words.length),
      texts,
    );
    this.emit("end", Math.max(...longest), performance.now() > this.started);
    await this.#pool.shutdown();
  }
}
const app = new App();
app.on("counted", (line) => console.log(line));
app.on("end", (...all) => console.log(all.join(" ")));
await app.run(["The warp of the loom", "a weft, a loom; a Weft"]);
