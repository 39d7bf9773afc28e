/* oxlint-disable -- code as someone new writes it */
// Options from a file, from the environment and from defaults, and functions chosen by them.
import { createHash, type BinaryToTextEncoding } from "node:crypto";
import { ThreadPoolExecutor, type Future } from "heddle/concurrent/futures";
import raw from "../settings.json" with { type: "json" };

type Config = { readonly algorithm: "sha1" | "sha256"; readonly encoding: BinaryToTextEncoding };
const defaults: Config = { algorithm: "sha256", encoding: "hex" };
const fromEnv = (env: Record<string, string | undefined>): Partial<Config> =>
  env["HASH_OF_NOBODY"] ? { algorithm: env["HASH_OF_NOBODY"] as Config["algorithm"] } : {};
export const config: Config = { ...defaults, ...fromEnv(process.env), encoding: "base64" };

const steps = {
  trim: (text: string): string => text.trim(),
  lower: (text: string): string => text.toLowerCase(),
} as const satisfies Record<string, (text: string) => string>;
const order: readonly (keyof typeof steps)[] = ["trim", "lower"];

function clean(text: string): string {
  return order.reduce((last, name) => steps[name](last), text);
}
const hash = (text: string, { algorithm, encoding } = config): string =>
  createHash(algorithm).update(clean(text)).digest(encoding).slice(0, 8);

async function main(): Promise<void> {
  const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
  const futures: Future<string>[] = [" Warp", "weft "].map((text) => pool.submit(hash, text));
  const here = [hash("warp"), hash("WEFT")];
  const there = await Promise.all(futures);
  console.log(there.join() === here.join(), typeof raw);
  console.log(await pool.submit((text: string) => steps.trim(text) + order.length, " x "));
  await pool.shutdown();
}
await main();
