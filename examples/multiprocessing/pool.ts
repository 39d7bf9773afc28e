import { Pool } from "heddle/multiprocessing";

const f = (x: number): number => x * x;

const pool = new Pool({ processes: 5 });
console.log(await pool.map(f, [1, 2, 3]));
pool.close();
await pool.join();
