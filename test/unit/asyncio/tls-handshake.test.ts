import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { createTask, openConnection, run, startServer } from "heddle/asyncio";
import { runProgram } from "../../support/program.ts";

const PEM = ["cert", "key"].map((name) =>
  fileURLToPath(new URL(`../../support/tls/${name}.pem`, import.meta.url)),
);
const [cert = "", key = ""] = PEM.map((path) => readFileSync(path, "utf8"));

describe("TLS handshakes that clients do not end", () => {
  it("the server closes a connection that is silent for sslHandshakeTimeout", async () => {
    await run(async () => {
      const server = await startServer(
        () => assert.fail("there was no handshake"),
        "127.0.0.1",
        0,
        {
          ssl: { cert, key },
          sslHandshakeTimeout: 100,
        },
      );
      const [reader, writer] = await openConnection("127.0.0.1", server.port);
      assert.equal((await reader.read()).length, 0);
      writer.close();
      server.close();
      await server.waitClosed();
    });
  });

  it("the server closes a connection that speaks something else, and serves the next", async () => {
    await run(async () => {
      const server = await startServer(
        (_reader, writer) => {
          writer.write("hello");
          writer.close();
        },
        "127.0.0.1",
        0,
        { ssl: { cert, key } },
      );
      const [reader, writer] = await openConnection("127.0.0.1", server.port);
      writer.write("GET / HTTP/1.0\r\n\r\n");
      // What comes, if anything, is an alert of TLS.
      await createTask(reader.read()).then(undefined, () => undefined);
      writer.close();
      const [secured, other] = await openConnection("127.0.0.1", server.port, {
        ssl: { ca: cert },
        serverHostname: "localhost",
      });
      assert.equal(new TextDecoder().decode(await secured.read()), "hello");
      other.close();
      server.close();
    });
  });

  it("a program whose server is closed ends while a handshake is still to come", () => {
    const program = new URL("./programs/silent-client.ts", import.meta.url);
    const { status, stdout, stderr } = runProgram(program, ...PEM);
    assert.deepEqual([status, stdout.trim()], [0, "over"], stderr);
  });
});
