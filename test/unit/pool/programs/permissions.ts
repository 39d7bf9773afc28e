/** On Deno: prints which permissions a process of a pool has, or why it has none. */
import { ProcessPoolExecutor } from "heddle/concurrent/futures";

const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
const granted = (): string => {
  const { permissions } = (globalThis as unknown as Record<"Deno", DenoGlobal>).Deno;
  return ["read", "write", "net", "env", "run", "ffi", "sys"]
    .filter((name) => permissions.querySync({ name }).state === "granted")
    .join(" ");
};
console.log(await pool.submit(granted).then(String, String));
await pool.shutdown();

interface DenoGlobal {
  readonly permissions: { querySync(permission: { name: string }): { state: string } };
}
