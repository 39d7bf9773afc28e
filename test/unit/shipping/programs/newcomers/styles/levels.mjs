/* oxlint-disable -- code as someone new writes it */
// A logger whose methods are made from a list of names, and a table of handlers made in a loop.
import { format } from "node:util";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const LEVELS = ["debug", "info", "warn"];
const level = LEVELS.indexOf(process.env.LOG_LEVEL_OF_NOBODY ?? "info");
const lines = [];
const logger = Object.fromEntries(
  LEVELS.map((name, i) => [
    name,
    (...args) => {
      if (i >= level) lines.push(`[${name}] ${format(...args)}`);
    },
  ]),
);
function work(n) {
  logger.debug("start %d", n);
  logger.info("n=%d", n);
  if (n > 2) logger.warn("large");
  return lines.splice(0).join("; ");
}

const units = { b: 1, kb: 2 ** 10, mb: 2 ** 20 };
const parsers = {};
for (const [unit, factor] of Object.entries(units))
  parsers[unit] = (text) => parseFloat(text) * factor;
const bytes = (text) => parsers[/[a-z]+$/.exec(text.toLowerCase())[0]](text);

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
console.log(await pool.submit(work, 1));
console.log(await pool.submit((n) => work(n + 1), 2));
console.log([...(await pool.map(bytes, ["1.5kb", "2MB", "3 B"]))].join());
await pool.shutdown();
