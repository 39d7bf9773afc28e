import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import {
  createTask,
  openConnection,
  run,
  startServer,
  type StreamReader,
  type StreamWriter,
} from "heddle/asyncio";
import { OSError } from "heddle";
import { runProgram } from "../../support/program.ts";

const PEM = ["cert", "key"].map((name) =>
  fileURLToPath(new URL(`../../support/streams/tls/${name}.pem`, import.meta.url)),
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

describe("TLS servers that verify their clients", () => {
  const [strangersCert = "", strangersKey = ""] = ["cert", "key"].map((name) =>
    readFileSync(
      new URL(`../../support/streams/tls/stranger-${name}.pem`, import.meta.url),
      "utf8",
    ),
  );
  const CLIENTS = [
    { who: "no certificate", tls: {}, expected: "" },
    {
      who: "a certificate that the server does not trust",
      tls: { cert: strangersCert, key: strangersKey },
      expected: "",
    },
    { who: "a certificate that it trusts", tls: { cert, key }, expected: "hello" },
  ] as const;
  const serverTls = { cert, key, ca: cert, verify: true };
  const serverHostname = "localhost";

  for (const { who, tls, expected } of CLIENTS) {
    const verb = expected === "" ? "refuse" : "serve";

    it(`startServer with ssl: ${verb} a client with ${who}`, async () => {
      const text = await run(async () => {
        const greet = (_reader: StreamReader, writer: StreamWriter): void => {
          writer.write("hello");
          writer.close();
        };
        const server = await startServer(greet, "127.0.0.1", 0, { ssl: serverTls });
        const received = await textFrom(async () =>
          openConnection("127.0.0.1", server.port, { ssl: { ca: cert, ...tls }, serverHostname }),
        );
        server.close();
        return received;
      });
      assert.equal(text, expected);
    });

    it(`startTls as a server: ${verb} a client with ${who}`, async () => {
      const text = await run(async () => {
        const greet = async (_reader: StreamReader, writer: StreamWriter): Promise<void> => {
          try {
            await writer.startTls(serverTls);
            writer.write("hello");
          } catch (error) {
            if (!(error instanceof OSError)) throw error;
          }
          writer.close();
        };
        const server = await startServer(greet, "127.0.0.1", 0);
        const received = await textFrom(async () => {
          const [reader, writer] = await openConnection("127.0.0.1", server.port);
          await writer.startTls({ ca: cert, ...tls }, { serverHostname });
          return [reader, writer] as const;
        });
        server.close();
        return received;
      });
      assert.equal(text, expected);
    });
  }
});

/** What a connection gives before it ends; nothing if it cannot be made, or breaks. */
async function textFrom(
  connect: () => Promise<readonly [StreamReader, StreamWriter]>,
): Promise<string> {
  try {
    const [reader, writer] = await connect();
    const text = new TextDecoder().decode(await reader.read());
    writer.close();
    return text;
  } catch (error) {
    if (!(error instanceof OSError)) throw error;
    return "";
  }
}
