import { ProcessPoolExecutor } from "heddle/concurrent/futures";

const pool = new ProcessPoolExecutor({ maxWorkers: 2 });
console.log(pool.submit((n: number) => n * n, 7).resultSync());
console.log(...pool.mapSync((n: number) => n * n, [1, 2, 3]));
pool.shutdownSync();
