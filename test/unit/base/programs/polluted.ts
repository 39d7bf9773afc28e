/**
 * Uses what reaches the runtime's own functions while `Object.prototype` holds values that
 * would make these do something else: run a shell, another program, a worker with other flags.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import {
  createSubprocessExec,
  openConnection,
  PIPE,
  run,
  startServer,
  STDOUT,
} from "heddle/asyncio";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Thread } from "heddle/threading";
import { square } from "../fixtures/work.ts";

const [certPath = "", keyPath = ""] = process.argv.slice(2);
const ssl = { cert: readFileSync(certPath, "utf8"), key: readFileSync(keyPath, "utf8") };

const POLLUTION = {
  argv0: "PWNED",
  argv: ["PWNED"],
  cwd: "/nonexistent",
  env: { PATH: "/nonexistent" },
  eval: true,
  execArgv: ["--no-such-flag"],
  gid: 1,
  rejectUnauthorized: false,
  shell: "PWNED",
  stdio: "ignore",
  uid: 1,
};

async function output(program: string, args: string[], stderr?: typeof STDOUT): Promise<string> {
  const child = await createSubprocessExec(program, args, { stdout: PIPE, stderr });
  const [bytes] = await child.communicate();
  return new TextDecoder().decode(bytes ?? new Uint8Array()).trim();
}

async function greeting(certificate: typeof ssl | undefined): Promise<string> {
  const server = await startServer(
    (_reader, writer) => {
      writer.write("hello");
      writer.close();
    },
    "127.0.0.1",
    0,
    { ssl: certificate },
  );
  const [reader, writer] = await openConnection("127.0.0.1", server.port, {
    ssl: certificate && { ca: certificate.cert },
    serverHostname: certificate && "localhost",
  });
  const text = new TextDecoder().decode(await reader.read());
  writer.close();
  server.close();
  return text;
}

async function untrusted(): Promise<string> {
  const server = await startServer(() => {}, "127.0.0.1", 0, { ssl });
  try {
    await openConnection("127.0.0.1", server.port, { ssl: true, serverHostname: "localhost" });
    return "accepted";
  } catch {
    return "refused";
  } finally {
    server.close();
  }
}

for (const [name, value] of Object.entries(POLLUTION)) {
  Object.defineProperty(Object.getPrototypeOf({}), name, {
    value,
    configurable: true,
    writable: true,
  });
}
const seen = await run(async () => ({
  program: await output("echo", ["hello", "$HOME"]),
  bothOutputs: await output("echo", ["hello"], STDOUT),
  clear: await greeting(undefined),
  tls: await greeting(ssl),
  untrusted: await untrusted(),
}));
const thread = new Thread({ target: square, args: [3] });
thread.start();
const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const squares = [await thread.join(), await pool.submit(square, 4)];
await pool.shutdown();
console.log(JSON.stringify({ ...seen, squares }));
