/** Ends while a client of its TLS server has not begun its handshake, nor ever will. */
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import process from "node:process";
import { run, startServer } from "heddle/asyncio";

const [certPath = "", keyPath = ""] = process.argv.slice(2);
const ssl = { cert: readFileSync(certPath, "utf8"), key: readFileSync(keyPath, "utf8") };

await run(async () => {
  const server = await startServer(() => {}, "127.0.0.1", 0, { ssl });
  const client = connect(server.port, "127.0.0.1");
  await new Promise<void>((resolve) => {
    client.once("connect", resolve);
  });
  client.unref();
  server.close();
});
console.log("over");
