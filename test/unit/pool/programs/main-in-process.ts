/**
 * A program without a guard. A process that runs none of its functions does not load it; one
 * that runs a marked one does, and what its top level submits then is not done.
 */
import { isMain, isMainThread, task } from "heddle";
import { ProcessPoolExecutor } from "heddle/concurrent/futures";
import { square } from "../../../support/tasks.ts";

console.log(`loaded ${isMainThread} ${isMain(import.meta)}`);
const offset = 100;
const shifted = task(import.meta.url, (n: number) => n + offset);

const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
void pool
  .submit(square, 3)
  .result()
  .then((nine) => {
    console.log(`exported ${nine}`);
    return pool.submit((n: number) => n + 1, 1);
  })
  .then((two) => {
    console.log(`self-contained ${two}`);
    return pool.submit(shifted, 1);
  })
  .then((result) => {
    console.log(`marked ${result}`);
    return pool.shutdown();
  });
