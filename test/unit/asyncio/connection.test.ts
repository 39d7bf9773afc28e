import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate } from "node:timers";
import { BrokenPipeError, ConnectionResetError, RuntimeError } from "heddle";
import { createTask, getRunningLoop, run, sleep } from "heddle/asyncio";

import { Connection } from "../../../build/src/asyncio/streams/connection.js";
import { Inflow } from "../../../build/src/asyncio/streams/inflow.js";
import { type Moment, until } from "../../support/streams/moments.ts";

/** By then a wait has got as far as it can. */
const SETTLED: Moment = { turns: 4, iterations: 4 };

type Stream = ConstructorParameters<typeof Connection>[0];

/** A stream that does what the test says. */
class FakeStream implements Stream {
  readonly calls: string[] = [];
  bufferedBytes = 0;
  isBroken = false;
  /** Whether what is written goes out at once. */
  isFast = false;

  start(): void {}
  pause(): void {
    this.calls.push("pause");
  }
  resume(): void {
    this.calls.push("resume");
  }
  write(chunk: Uint8Array): void {
    if (!this.isFast) this.bufferedBytes += chunk.length;
  }
  end(): void {
    this.calls.push("end");
  }
  close(): void {
    this.calls.push("close");
  }
  abort(): void {
    this.calls.push("abort");
  }
}

function connect(options: { closesAtEnd?: boolean } = {}) {
  const loop = getRunningLoop();
  const stream = new FakeStream();
  const inflow = new Inflow(10, loop);
  const { closesAtEnd = false } = options;
  const connection = new Connection(stream, { loop, inflow, closesAtEnd, onLost: undefined });
  return { stream, inflow, connection };
}

describe("Connection", () => {
  it("drained waits above the high-water mark, until the low one", async () => {
    await run(async () => {
      const { stream, connection } = connect();
      connection.gate.setLimits({ high: 100, low: 10 }, 0);
      connection.write(new Uint8Array(100));
      await createTask(connection.drained());
      connection.write(new Uint8Array(1));
      const task = createTask(connection.drained());
      const other = createTask(connection.drained());
      await until(SETTLED);
      other.cancel();
      stream.bufferedBytes = 11;
      connection.written();
      await until(SETTLED);
      assert.ok(!task.done());
      stream.bufferedBytes = 10;
      connection.written();
      await task;
    });
  });

  it("who writes a lot and drains lets the runtime have its turn, also if nothing waits to go out", async () => {
    await run(async () => {
      const { stream, connection } = connect();
      let hadTurn = false;
      setImmediate(() => (hadTurn = true));
      stream.isFast = true;
      connection.write(new Uint8Array(2 ** 16));
      await createTask(connection.drained());
      assert.ok(hadTurn);
    });
  });

  it("bytes that were on their way when a pipe was closed count as a broken pipe", async () => {
    await run(async () => {
      const { connection } = connect();
      connection.write(new Uint8Array(2 ** 20));
      const task = createTask(connection.drained());
      await until(SETTLED);
      connection.closed(undefined);
      await assert.rejects(async () => await task, BrokenPipeError);
    });
  });

  it("closed in order, it lets who drains go on, and refuses the next", async () => {
    await run(async () => {
      const { connection, inflow } = connect();
      connection.write(new Uint8Array(2 ** 20));
      const task = createTask(connection.drained());
      await until(SETTLED);
      connection.close();
      connection.closed(undefined);
      await task;
      assert.ok(inflow.isEnded);
      await assert.rejects(
        async () => await createTask(connection.drained()),
        ConnectionResetError,
      );
      await createTask(connection.untilLost());
    });
  });

  it("broken, it fails everything, in the runtime's words under Python's name", async () => {
    await run(async () => {
      const { connection, inflow } = connect();
      const waiting = createTask(connection.untilLost());
      await sleep(0);
      connection.closed(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
      await assert.rejects(async () => await waiting, ConnectionResetError);
      await assert.rejects(async () => await createTask(connection.drained()), {
        code: "ECONNRESET",
      });
      assert.ok(inflow.error instanceof ConnectionResetError);
    });
  });

  it("a write that failed is noticed before the runtime reports it", async () => {
    await run(async () => {
      const { stream, connection } = connect();
      stream.isBroken = true;
      const task = createTask(connection.drained());
      await until(SETTLED);
      assert.ok(!task.done());
      connection.closed(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
      await assert.rejects(async () => await task, BrokenPipeError);
    });
  });

  it("the other side's end is ours, where the stream says so", async () => {
    await run(async () => {
      for (const closesAtEnd of [false, true]) {
        const { stream, connection } = connect({ closesAtEnd });
        connection.end();
        assert.deepEqual(stream.calls, closesAtEnd ? ["close"] : []);
        assert.equal(connection.isClosing, closesAtEnd);
      }
    });
  });

  it("what comes after closing is dropped, what is written too; after the end it is refused", async () => {
    await run(async () => {
      const { stream, inflow, connection } = connect();
      connection.bytes(new Uint8Array(3));
      connection.writeEnd();
      connection.writeEnd();
      assert.throws(() => connection.write(new Uint8Array(1)), RuntimeError);
      connection.close();
      connection.close();
      connection.bytes(new Uint8Array(5));
      assert.equal(inflow.buffer.length, 3);
      assert.deepEqual(stream.calls, ["end", "close"]);
      const other = connect();
      other.connection.close();
      other.connection.write(new Uint8Array(5));
      assert.equal(other.stream.bufferedBytes, 0);
    });
  });

  it("reading is paused when a lot lies unread", async () => {
    await run(async () => {
      const { stream, connection, inflow } = connect();
      connection.bytes(new Uint8Array(21));
      assert.ok(!connection.isReading);
      inflow.buffer.take(15);
      inflow.noteRead();
      assert.deepEqual(stream.calls, ["pause", "resume"]);
    });
  });
});
