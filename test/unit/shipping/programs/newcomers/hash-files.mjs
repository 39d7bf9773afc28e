/* oxlint-disable -- code as someone new writes it */
// Hashes the files of a folder, each in a thread.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const config = { algorithm: "sha256", length: 8 };
const folder = path.dirname(fileURLToPath(import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".mjs"));

const pool = new ThreadPoolExecutor();
const hashes = await pool.map(
  (file) =>
    createHash(config.algorithm)
      .update(readFileSync(path.join(folder, file)))
      .digest("hex")
      .slice(0, config.length),
  files,
);
const here = createHash("sha256")
  .update(readFileSync(path.join(folder, files[0])))
  .digest("hex");
console.log([...hashes].length === files.length, here.startsWith([...hashes][0]));
await pool.shutdown();
