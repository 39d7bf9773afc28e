/* oxlint-disable -- code as someone new writes it */
// A logger and metrics at the top of the module, used by the main program and by its tasks.
import { format } from "node:util";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const LEVELS = ["debug", "info", "warn"];
const level = LEVELS.indexOf(process.env.LOG_LEVEL_OF_NOBODY ?? "info");
const lines = [];
function write(name, args) {
  if (LEVELS.indexOf(name) >= level) lines.push(`[${name}] ${format(...args)}`);
}
const logger = {
  debug: (...args) => write("debug", args),
  info: (...args) => write("info", args),
  warn(...args) {
    write("warn", args);
  },
};
const log = (text, ...args) => logger.info(`job ${text}`, ...args);

function work(n) {
  logger.debug("start %d", n);
  log("n=%d", n);
  if (n > 2) logger.warn("large");
  return lines.splice(0).join("; ");
}

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
console.log(await pool.submit(work, 1));
console.log(await pool.submit((n) => work(n + 1), 2));
await pool.shutdown();
