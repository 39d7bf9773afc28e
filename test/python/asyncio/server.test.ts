import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { CancelledError, ConnectionRefusedError, type OSError, RuntimeError } from "heddle";
import {
  createTask,
  Future,
  openConnection,
  openUnixConnection,
  run,
  sleep,
  startServer,
  startUnixServer,
  type StreamReader,
  type StreamWriter,
} from "heddle/asyncio";
import { MOMENTS, until } from "../../support/streams/moments.ts";
import { STYLES } from "../../support/asyncio/both-waits.ts";

const HOST = "127.0.0.1";
const folder = mkdtempSync(join(tmpdir(), "heddle-server-"));
after(() => rmSync(folder, { recursive: true }));

/** Reads until the client ends, and closes. */
async function drainClient(reader: StreamReader, writer: StreamWriter): Promise<void> {
  await reader.read();
  writer.close();
}

/** Neither reads nor closes. */
function holdClient(): void {}

for (const { style, wait } of STYLES) {
  describe(`Server, ${style}`, () => {
    it("SV-001 serveForever runs until it is cancelled; startServing: false delays accepting", async () => {
      await run(async () => {
        const probe = await startServer(holdClient, HOST, 0);
        const { port } = probe;
        probe.close();

        const server = await wait(startServer(drainClient, HOST, port, { startServing: false }));
        assert.ok(!server.isServing());
        assert.deepEqual(server.sockets, []);
        assert.throws(() => server.port, RuntimeError);
        await assert.rejects(wait(openConnection(HOST, port)), ConnectionRefusedError);

        await wait(server.startServing());
        await wait(server.startServing());
        assert.ok(server.isServing());
        assert.equal(server.port, port);
        const serving = createTask(() => wait(server.serveForever()));
        const [reader, writer] = await openConnection(HOST, port);
        await assert.rejects(wait(server.serveForever()), RuntimeError);
        writer.writeEof();
        assert.equal((await reader.read()).length, 0);
        writer.close();
        serving.cancel();
        await assert.rejects(async () => await serving, CancelledError);
        assert.ok(!server.isServing());
        await assert.rejects(wait(server.startServing()), RuntimeError);
        await assert.rejects(wait(server.serveForever()), RuntimeError);
      });
    });

    it("SV-001 serveForever closes the connections when it is cancelled", async () => {
      await run(async () => {
        const server = await wait(startServer(holdClient, HOST, 0));
        const [reader, writer] = await openConnection(HOST, server.port);
        const serving = createTask(() => wait(server.serveForever()));
        await sleep(5);
        serving.cancel();
        await assert.rejects(async () => await serving, CancelledError);
        assert.equal((await reader.read()).length, 0);
        writer.close();
      });
    });

    it("SV-001 serveForever ends when the server is closed", async () => {
      await run(async () => {
        const server = await wait(startServer(drainClient, HOST, 0));
        const serving = createTask(() => wait(server.serveForever()));
        await sleep(0);
        await sleep(0);
        server.close();
        await assert.rejects(async () => await serving, CancelledError);
        await wait(server.waitClosed());
      });
    });

    it("SV-002 waitClosed waits while the server is open or has connections", async () => {
      await run(async () => {
        const server = await startServer(drainClient, HOST, 0);
        const waiting = createTask(() => wait(server.waitClosed()));
        await sleep(5);
        assert.ok(!waiting.done());
        const [reader, writer] = await openConnection(HOST, server.port);
        writer.write("x");
        await writer.drain();
        await sleep(5);
        server.close();
        await sleep(5);
        assert.ok(!waiting.done());
        writer.writeEof();
        await reader.read();
        writer.close();
        await waiting;
        await wait(server.waitClosed());
      });
    });

    it("SV-003 the server and its connection may be closed in the same breath", async () => {
      await run(async () => {
        const accepted = new Future<StreamWriter>();
        const server = await startServer((_, writer) => accepted.setResult(writer), HOST, 0);
        const [reader, writer] = await openConnection(HOST, server.port);
        const serverWriter = await accepted;
        server.close();
        serverWriter.close();
        await wait(server.waitClosed());
        assert.equal((await reader.read()).length, 0);
        writer.close();
      });
    });

    it("SV-004 closeClients and abortClients close the connections, so that waitClosed returns", async () => {
      await run(async () => {
        for (const method of ["closeClients", "abortClients"] as const) {
          let connections = 0;
          const server = await startServer(() => void connections++, HOST, 0);
          const clients = [
            await openConnection(HOST, server.port),
            await openConnection(HOST, server.port),
          ];
          while (connections < clients.length) await sleep(1);
          server.close();
          const waiting = createTask(() => wait(server.waitClosed()));
          await sleep(5);
          assert.ok(!waiting.done());
          server[method]();
          await waiting;
          for (const [reader, writer] of clients) {
            assert.equal((await reader.read()).length, 0);
            writer.close();
          }
        }
      });
    });

    it("SV-006 a server in the file system removes its file, unless that is gone, another's, or to be kept", async () => {
      await run(async () => {
        const path = join(folder, `${style.split(" ")[0]}.sock`);
        const start = async (cleanupSocket?: boolean) =>
          wait(
            startUnixServer(
              drainClient,
              path,
              cleanupSocket === undefined ? {} : { cleanupSocket },
            ),
          );

        const removed = await start();
        assert.ok(existsSync(path));
        removed.close();
        assert.ok(!existsSync(path));

        const gone = await start();
        rmSync(path);
        gone.close();

        const replaced = await start();
        const replacement = await start();
        replaced.close();
        await sleep(5);
        const [, writer] = await wait(openUnixConnection(path));
        writer.close();
        replacement.close();
        assert.ok(!existsSync(path));

        const kept = await start(false);
        kept.close();
        await sleep(5);
        assert.ok(existsSync(path));
        rmSync(path);

        writeFileSync(path, "no socket");
        await assert.rejects(start(), (error: OSError) => error.code === "EADDRINUSE");
        rmSync(path);
      });
    });
  });
}

describe("Server", () => {
  it("an address in use is refused, and listens nowhere of several", async () => {
    await run(async () => {
      const server = await startServer(holdClient, HOST, 0);
      const attempt = async () => {
        await startServer(holdClient, ["127.0.0.2", HOST], server.port);
      };
      await assert.rejects(attempt, (error: OSError) => {
        assert.match(error.message, /^Cannot listen on 127\.0\.0\.1, port \d+: /);
        return error.code === "EADDRINUSE";
      });
      const again = await startServer(holdClient, "127.0.0.2", server.port);
      again.close();
      server.close();
    });
  });

  it("listens on several addresses", async () => {
    await run(async () => {
      const server = await startServer(holdClient, [HOST, "127.0.0.2"], 0);
      const names = server.sockets.map((socket) => socket.getsockname());
      assert.deepEqual(
        names.map(([host]) => host),
        [HOST, "127.0.0.2"],
      );
      server.close();
      assert.deepEqual(server.sockets, []);
      await server.waitClosed();
    });
  });

  it("a cancelled startServer listens no more", async () => {
    await run(async () => {
      for (const moment of MOMENTS) {
        const probe = await startServer(holdClient, "localhost", 0);
        const { port } = probe;
        probe.close();
        const task = createTask(startServer(holdClient, "localhost", port));
        await until(moment);
        if (!task.cancel()) (await task).close();
        else await assert.rejects(async () => await task, CancelledError);
        await assert.rejects(async () => {
          await openConnection("localhost", port);
        }, ConnectionRefusedError);
      }
    });
  });

  it("a client's function that is a generator runs in a task, and so does any other", async () => {
    await run(async () => {
      const server = await startServer(
        function* (_reader, writer) {
          yield* sleep(1);
          writer.write("done");
          writer.close();
        },
        HOST,
        0,
      );
      const [reader, writer] = await openConnection(HOST, server.port);
      assert.equal((await reader.read()).length, 4);
      writer.close();
      server.close();
      await server.waitClosed();
    });
  });
});
