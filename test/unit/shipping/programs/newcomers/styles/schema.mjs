/* oxlint-disable -- code as someone new writes it */
// Checks rows with a schema that chained calls have built at the top of the module.
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import * as s from "./schema-lib.mjs";

const Email = s.string().min(3).regex(/@/);
const User = s.object({ name: s.string().min(1), email: Email, age: s.number().optional() });
const Users = s.array(User);

const parseUsers = (rows) => Users.parse(rows).map(({ name }) => name);

const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
console.log((await pool.submit(parseUsers, [{ name: "ann", email: "a@b" }])).join());
console.log(await pool.submit((row) => User.safeParse(row).success, { name: "", email: "a@b" }));
try {
  await pool.submit(parseUsers, [{ name: "bob", email: "nope" }]);
} catch (error) {
  console.log(error instanceof s.SchemaError, error.message);
}
const results = await pool.map(
  (row) => User.safeParse(row).success,
  [
    { name: "a", email: "a@b", age: 3 },
    { name: "b", email: "b" },
  ],
);
console.log(results.join());
await pool.shutdown();
