/** Tests of a pool that a test runner runs: put after the imports of the runner's own functions. */
import { basename } from "node:path";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { area, hit } from "./lib.js";

const FACTOR = 3;
const own = (x) => area(x) + FACTOR;
const pool = new ThreadPoolExecutor({ maxWorkers: 1 });

/** Throws unless the two are the same. */
function same(actual, expected) {
  if (actual !== expected) throw new Error(`${actual} is not ${expected}`);
}

describe("a pool", () => {
  afterAll(() => pool.shutdown());
  it("runs an imported function", async () => same(await pool.submit(area, 2), 20));
  it("runs a function of the file", async () => same(await pool.submit(own, 2), 23));
  it("runs an inline arrow", async () => same(await pool.submit((x) => area(x) * FACTOR, 2), 60));
  it("runs one with a module of the runtime", async () => {
    same(await pool.submit(() => basename("/a/b.txt") + FACTOR), "b.txt3");
  });
  it("runs one with state of its module", async () => same(await pool.submit(hit), 1));
  it("refuses a variable of the test", async () => {
    const local = Math.random();
    let message = "";
    try {
      await pool.submit(() => local);
    } catch (error) {
      ({ message } = error);
    }
    if (!/it uses "local", a constant of the function around it/.test(message))
      throw new Error(message);
  });
});
