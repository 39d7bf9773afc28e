/* oxlint-disable -- code as someone new writes it */
// Helpers in the manner of lodash, by a default export, a namespace, and a barrel of re-exports.
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import _, { chunk, sumBy as sum, words } from "./helpers-barrel.mjs";
import * as barrel from "./helpers-barrel.mjs";

const totals = (rows) =>
  Object.entries(_.groupBy(rows, (row) => row.team)).map(([team, of]) => [team, sum(of, "points")]);
const pipeline = _.flow(
  (text) => words(text),
  (list) => chunk(list, 2),
  (pairs) => pairs.map((pair) => pair.join("+")),
);

const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
const rows = [
  { team: "a", points: 1 },
  { team: "b", points: 2 },
  { team: "a", points: 3 },
];
const [table, text, halves, direct] = await Promise.all([
  pool.submit(totals, rows),
  pool.submit((line) => pipeline(line), "warp and weft"),
  pool.submit(barrel.chunk, [1, 2, 3], 2),
  pool.submit(_.groupBy, ["a", "bb"], String),
]);
console.log(JSON.stringify([table, text, halves, Object.keys(direct)]));
await pool.shutdown();
