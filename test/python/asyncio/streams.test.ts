import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import {
  BrokenPipeError,
  ConnectionAbortedError,
  ConnectionRefusedError,
  ConnectionResetError,
  FileNotFoundError,
  IncompleteReadError,
  LimitOverrunError,
  OSError,
  RuntimeError,
  CancelledError,
} from "heddle";
import {
  createTask,
  type Coroutine,
  type ExceptionContext,
  Future,
  getRunningLoop,
  openConnection,
  openUnixConnection,
  run,
  type Server,
  sleep,
  startServer,
  startUnixServer,
  type StreamReader,
  type StreamWriter,
} from "heddle/asyncio";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { throwIncompleteRead, throwLimitOverrun } from "../../support/streams/errors.ts";
import { MOMENTS, until } from "../../support/streams/moments.ts";
import { STYLES } from "../../support/asyncio/both-waits.ts";
import { text } from "../../support/streams/text.ts";

const HOST = "127.0.0.1";
const folder = mkdtempSync(join(tmpdir(), "heddle-streams-"));
after(() => rmSync(folder, { recursive: true }));

let sockets = 0;
const newPath = (): string => join(folder, `${sockets++}.sock`);

const pem = (name: string): string =>
  readFileSync(new URL(`../../support/streams/tls/${name}.pem`, import.meta.url), "utf8");
const SERVER_TLS = { cert: pem("cert"), key: pem("key") };
const CLIENT_TLS = { ca: pem("cert") };

/** Sends each line back in capitals, as a client-connected function of each kind. */
const SHOUT = {
  *generator(reader: StreamReader, writer: StreamWriter): Coroutine<void> {
    let line = yield* reader.readline();
    while (line.length > 0) {
      writer.write(text(line).toUpperCase());
      yield* writer.drain();
      line = yield* reader.readline();
    }
    writer.close();
    yield* writer.waitClosed();
  },
  async async(reader: StreamReader, writer: StreamWriter): Promise<void> {
    for await (const line of reader) {
      writer.write(text(line).toUpperCase());
      await writer.drain();
    }
    writer.close();
    await writer.waitClosed();
  },
  plain(reader: StreamReader, writer: StreamWriter): void {
    createTask(SHOUT.generator(reader, writer));
  },
};

async function end(server: Server): Promise<void> {
  server.close();
  await server.waitClosed();
}

/** A server that keeps its side of the only connection open, and that side. */
async function holdingServer() {
  const accepted = new Future<[StreamReader, StreamWriter]>();
  const server = await startServer(
    (reader, writer) => accepted.setResult([reader, writer]),
    HOST,
    0,
  );
  return { server, accepted };
}

for (const { style, wait } of STYLES) {
  describe(`streams, ${style}`, () => {
    it("ST-001 openConnection gives a reader and a writer that talk to a server; refusals are thrown", async () => {
      await run(async () => {
        for (const clientConnected of Object.values(SHOUT)) {
          const server = await wait(startServer(clientConnected, HOST, 0));
          const { port } = server;
          const [reader, writer] = await wait(openConnection(HOST, port));
          writer.write("hello\n");
          assert.equal(text(await wait(reader.readline())), "HELLO\n");
          writer.writelines(["a", new TextEncoder().encode("b\n"), "ä"]);
          writer.writeEof();
          assert.equal(text(await wait(reader.read())), "AB\nÄ");
          assert.deepEqual(writer.getExtraInfo("peername"), [HOST, port]);
          assert.equal(writer.getExtraInfo("cipher"), null);
          assert.equal(writer.getExtraInfo("cipher", "none"), "none");
          writer.close();
          await wait(writer.waitClosed());
          await end(server);

          await assert.rejects(wait(openConnection(HOST, port)), (error: OSError) => {
            assert.equal(error.code, "ECONNREFUSED");
            assert.match(error.message, /^Cannot connect to 127\.0\.0\.1, port \d+: /);
            return error instanceof ConnectionRefusedError;
          });
        }
      });
    });

    it("ST-032 over a socket in the file system it is the same, with each kind of function", async () => {
      await run(async () => {
        for (const clientConnected of Object.values(SHOUT)) {
          const path = newPath();
          const server = await wait(startUnixServer(clientConnected, path));
          assert.equal(server.sockets[0]?.getsockname(), path);
          const [reader, writer] = await wait(openUnixConnection(path));
          assert.equal(writer.getExtraInfo("peername"), path);
          writer.write("hello\n");
          writer.writeEof();
          assert.equal(text(await wait(reader.read())), "HELLO\n");
          writer.close();
          await wait(writer.waitClosed());
          await end(server);
          await assert.rejects(wait(openUnixConnection(path)), FileNotFoundError);
        }
      });
    });

    it("ST-033 startTls upgrades an open connection in both directions", async () => {
      await run(async () => {
        const server = await startServer(
          async (reader, writer) => {
            assert.equal(text(await reader.readline()), "STARTTLS\n");
            writer.write("GO\n");
            await wait(writer.startTls(SERVER_TLS));
            assert.equal(writer.getExtraInfo("ssl_object")?.version, "TLSv1.3");
            await SHOUT.async(reader, writer);
          },
          HOST,
          0,
        );
        const [reader, writer] = await openConnection("localhost", server.port);
        writer.write("STARTTLS\n");
        assert.equal(text(await reader.readline()), "GO\n");
        assert.ok(writer.canWriteEof());
        await wait(writer.startTls(CLIENT_TLS));
        assert.ok(!writer.canWriteEof());
        assert.throws(() => writer.writeEof(), RuntimeError);
        assert.equal(typeof writer.getExtraInfo("peercert"), "object");
        writer.write("secret\n");
        assert.equal(text(await wait(reader.readline())), "SECRET\n");
        writer.close();
        await wait(writer.waitClosed());
        await end(server);
      });
    });

    it("ST-035 drain after the connection was lost throws ConnectionResetError", async () => {
      await run(async () => {
        const { server, accepted } = await holdingServer();
        const [, writer] = await openConnection(HOST, server.port);
        const [, serverWriter] = await accepted;
        writer.transport.abort();
        await wait(writer.waitClosed());
        writer.write("lost");
        await assert.rejects(wait(writer.drain()), ConnectionResetError);
        serverWriter.close();
        await end(server);
      });
    });

    it("ST-036 waitClosed resolves after close, also with data that nobody has read", async () => {
      await run(async () => {
        const server = await startServer(
          (_reader, writer) => {
            writer.write("hello\n".repeat(100));
            writer.close();
          },
          HOST,
          0,
        );
        const [reader, writer] = await openConnection(HOST, server.port);
        assert.equal(text(await wait(reader.readline())), "hello\n");
        writer.close();
        assert.ok(writer.isClosing());
        await wait(writer.waitClosed());
        await wait(writer.waitClosed());
        await end(server);
      });
    });

    it("ST-037 drain, close and waitClosed can be waited for one after the other", async () => {
      await run(async () => {
        const server = await startServer(SHOUT.async, HOST, 0);
        const [reader, writer] = await openConnection(HOST, server.port);
        writer.write("hello\n");
        await wait(writer.drain());
        assert.equal(text(await wait(reader.readline())), "HELLO\n");
        writer.close();
        await wait(writer.waitClosed());
        await end(server);
      });
    });

    it("ST-038 who writes and drains in a loop learns that the other side has gone", async () => {
      await run(async () => {
        const { server, accepted } = await holdingServer();
        const [, writer] = await openConnection(HOST, server.port);
        const [, serverWriter] = await accepted;
        serverWriter.transport.abort();
        const writeForEver = async (): Promise<never> => {
          for (;;) {
            writer.write("foo\n");
            await wait(writer.drain());
          }
        };
        await assert.rejects(
          writeForEver(),
          (error) => error instanceof ConnectionResetError || error instanceof BrokenPipeError,
        );
        writer.close();
        await end(server);
      });
    });

    it("ST-040 a client's function that is cancelled is not reported, one that fails is", async () => {
      await run(async () => {
        const reports: ExceptionContext[] = [];
        getRunningLoop().setExceptionHandler((_loop, context) => reports.push(context));
        const server = await startServer(
          async (reader) => {
            const line = text(await reader.readline());
            throw line === "cancel\n" ? new CancelledError() : new TypeError("failed");
          },
          HOST,
          0,
        );
        for (const line of ["cancel\n", "fail\n"]) {
          const [reader, writer] = await openConnection(HOST, server.port);
          writer.write(line);
          assert.equal((await wait(reader.read())).length, 0);
          writer.close();
        }
        getRunningLoop().setExceptionHandler(null);
        assert.deepEqual(
          reports.map(({ message, exception }) => [message, String(exception)]),
          [["Unhandled exception in client_connected_cb", "TypeError: failed"]],
        );
        await end(server);
      });
    });

    it("ST-042 closing the writer puts its own reader at the end of the stream", async () => {
      await run(async () => {
        const { server, accepted } = await holdingServer();
        const [reader, writer] = await openConnection(HOST, server.port);
        const [, serverWriter] = await accepted;
        const reading = createTask(() => wait(reader.read()));
        await sleep(0);
        writer.close();
        assert.equal((await reading).length, 0);
        serverWriter.close();
        await end(server);
      });
    });
  });
}

describe("streams", () => {
  it("ST-041 IncompleteReadError and LimitOverrunError cross to other threads with their fields", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const incomplete = await pool.submit(throwIncompleteRead).exception();
    assert.ok(incomplete instanceof IncompleteReadError);
    assert.deepEqual([...incomplete.partial], [1, 2]);
    assert.equal(incomplete.expected, 5);
    const overrun = await pool.submit(throwLimitOverrun).exception();
    assert.ok(overrun instanceof LimitOverrunError);
    assert.equal(overrun.consumed, 7);
    await pool.shutdown();
  });

  it("TLS from the beginning: who is not trusted is refused", async () => {
    await run(async () => {
      const server = await startServer(SHOUT.async, HOST, 0, { ssl: SERVER_TLS });
      const [reader, writer] = await openConnection("localhost", server.port, { ssl: CLIENT_TLS });
      assert.equal(writer.getExtraInfo("ssl_object")?.version, "TLSv1.3");
      writer.write("hello\n");
      assert.equal(text(await reader.readline()), "HELLO\n");
      writer.close();
      await writer.waitClosed();

      await assert.rejects(async () => {
        await openConnection("localhost", server.port, { ssl: true });
      }, OSError);
      await assert.rejects(
        async () => {
          const serverHostname = "example.org";
          await openConnection(HOST, server.port, { ssl: CLIENT_TLS, serverHostname });
        },
        (error: OSError) => error.code === "ERR_TLS_CERT_ALTNAME_INVALID",
      );
      assert.throws(() => openConnection(HOST, 1, { serverHostname: "x" }), TypeError);
      const unverified = { ssl: { verify: false } };
      const [, other] = await openConnection(HOST, server.port, unverified);
      other.close();
      await end(server);
    });
  });

  it("a certificate may bear an address", async () => {
    await run(async () => {
      const upgrade = async (_: StreamReader, writer: StreamWriter) => {
        await writer.startTls(SERVER_TLS).then(undefined, () => {});
        writer.close();
      };
      const server = await startServer(upgrade, HOST, 0);
      const [reader, writer] = await openConnection(HOST, server.port);
      await writer.startTls(CLIENT_TLS);
      assert.equal((await reader.read()).length, 0);
      writer.close();

      const [, other] = await openConnection(HOST, server.port);
      await assert.rejects(
        async () => await other.startTls(CLIENT_TLS, { serverHostname: "127.0.0.2" }),
        (error: OSError) => error.code === "ERR_TLS_CERT_ALTNAME_INVALID",
      );
      await end(server);
    });
  });

  it("a handshake that takes too long is given up", async () => {
    await run(async () => {
      const { server, accepted } = await holdingServer();
      const attempt = async () => {
        const options = { ssl: true, sslHandshakeTimeout: 20 } as const;
        await openConnection(HOST, server.port, options);
      };
      // The time may be over before the server has accepted the connection.
      createTask(async () => {
        const [reader, writer] = await accepted;
        await reader.read().then(undefined, () => {});
        writer.close();
      });
      await assert.rejects(attempt, { name: "ConnectionAbortedError" });
      await end(server);
    });
  });

  it("drain waits while the other side does not read, and what it reads is all there", async () => {
    await run(async () => {
      const { server, accepted } = await holdingServer();
      const [, writer] = await openConnection(HOST, server.port);
      const [serverReader, serverWriter] = await accepted;
      let written = 0;
      const writing = createTask(async () => {
        for (let i = 0; i < 400; i++) {
          writer.write(new Uint8Array(100_000).fill(i));
          written++;
          await writer.drain();
        }
        writer.writeEof();
      });
      // It stops by itself: turns go by, and nothing more is written.
      for (let before = -1; before !== written;) {
        before = written;
        await sleep(50);
      }
      assert.ok(written < 400, `${written} chunks were written, though nobody read`);
      assert.ok(writer.transport.getWriteBufferSize() > 0);
      for (let i = 0; i < 400; i++) {
        const bytes = await serverReader.readexactly(100_000);
        assert.ok(bytes.every((byte) => byte === i % 256));
      }
      await writing;
      assert.ok((await serverReader.read()).length === 0);
      serverWriter.close();
      writer.close();
      await end(server);
    });
  });

  it("a cancelled openConnection leaves no connection behind", async () => {
    await run(async () => {
      const server = await startServer(
        async (reader, writer) => {
          await reader.read();
          writer.close();
        },
        HOST,
        0,
      );
      for (const moment of MOMENTS) {
        const task = createTask(openConnection(HOST, server.port));
        await until(moment);
        if (!task.cancel()) (await task)[1].close();
        else await assert.rejects(async () => await task, CancelledError);
      }
      // A connection that is left would keep the server waiting.
      await end(server);
    });
  });

  it("a cancelled startTls aborts the connection", async () => {
    await run(async () => {
      const { server, accepted } = await holdingServer();
      const [reader, writer] = await openConnection(HOST, server.port);
      const [serverReader, serverWriter] = await accepted;
      const task = createTask(writer.startTls({ verify: false }));
      assert.ok((await serverReader.read(1)).length > 0); // the client's hello
      task.cancel();
      await assert.rejects(async () => await task, CancelledError);
      await assert.rejects(async () => await reader.read(), ConnectionAbortedError);
      await serverReader.read().then(undefined, () => {});
      serverWriter.close();
      await end(server);
    });
  });

  it("startTls fails at once when the other side has ended", async () => {
    await run(async () => {
      const { server, accepted } = await holdingServer();
      const [, writer] = await openConnection(HOST, server.port);
      const [serverReader, serverWriter] = await accepted;
      writer.writeEof();
      await serverReader.read();
      const upgrade = async () => await serverWriter.startTls(SERVER_TLS);
      await assert.rejects(upgrade, ConnectionResetError);
      await assert.rejects(upgrade, ConnectionResetError);
      writer.close();
      await end(server);
    });
  });

  it("startTls does not lose a handshake that came early", async () => {
    await run(async () => {
      const server = await startServer(
        async (reader, writer) => {
          writer.write("GO\n");
          // The client's hello lies in the buffer by then.
          while (!String(reader).includes("bytes")) await sleep(1);
          await writer.startTls(SERVER_TLS);
          writer.write(await reader.readline());
          writer.close();
        },
        HOST,
        0,
      );
      const [reader, writer] = await openConnection("localhost", server.port);
      assert.equal(text(await reader.readline()), "GO\n");
      await writer.startTls(CLIENT_TLS);
      writer.write("hello\n");
      assert.equal(text(await reader.readline()), "hello\n");
      writer.close();
      await end(server);
    });
  });

  it("limits of the write buffer are Python's", async () => {
    await run(async () => {
      const server = await startServer(SHOUT.async, HOST, 0);
      const [, { transport }] = await openConnection(HOST, server.port);
      assert.deepEqual(transport.getWriteBufferLimits(), [16_384, 65_536]);
      transport.setWriteBufferLimits({ high: 100 });
      assert.deepEqual(transport.getWriteBufferLimits(), [25, 100]);
      transport.setWriteBufferLimits({ low: 100 });
      assert.deepEqual(transport.getWriteBufferLimits(), [100, 400]);
      assert.throws(() => transport.setWriteBufferLimits({ low: 2, high: 1 }), RangeError);
      transport.close();
      await end(server);
    });
  });

  it("what a run leaves open is closed at its end", async () => {
    let reader: StreamReader | undefined;
    await run(async () => {
      const { server, accepted } = await holdingServer();
      [reader] = await openConnection(HOST, server.port);
      await accepted;
    });
    await run(async () => {
      for (let i = 0; i < 200 && reader?.atEof() === false; i++) await sleep(1);
      assert.ok(reader?.atEof());
    });
  });
});
