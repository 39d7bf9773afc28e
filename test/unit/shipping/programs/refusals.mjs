/* oxlint-disable no-await-in-loop -- one case after the other */
/** Calls what each program of a folder's subfolders exports by default, and says what came of it. */
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const [, , folder] = process.argv;
const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const require = createRequire(import.meta.url);
const outcomes = {};

async function outcomeOf(path) {
  try {
    const run = path.endsWith(".cjs") ? require(path) : (await import(pathToFileURL(path))).default;
    return { value: await run(pool) };
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

for (const number of readdirSync(folder)) {
  for (const file of readdirSync(`${folder}${number}`)) {
    const program = /^(refused|fixed-\d+)\.[cm]js$/.exec(file)?.[1];
    if (program === undefined) continue;
    outcomes[`${number}/${program}`] = await outcomeOf(`${folder}${number}/${file}`);
  }
}
await pool.shutdown();
console.log(JSON.stringify(outcomes));
