import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CancelledError, IncompleteReadError, LimitOverrunError, RuntimeError } from "heddle";
import { createTask, getRunningLoop, Loop, run, sleep, StreamReader } from "heddle/asyncio";
import { STYLES } from "../../support/asyncio/both-waits.ts";
import { text } from "../../support/streams/text.ts";

function wrong(value: unknown): never {
  return value as never;
}

/** A reader that has been fed these pieces. */
function fed(pieces: readonly string[], options: { limit?: number; isEnded?: boolean } = {}) {
  const { limit, isEnded = true } = options;
  const reader = new StreamReader(limit === undefined ? {} : { limit });
  for (const piece of pieces) reader.feedData(piece);
  if (isEnded) reader.feedEof();
  return reader;
}

/** Feeds the reader in the next iteration of the loop. */
function feedSoon(reader: StreamReader, ...pieces: readonly string[]): void {
  getRunningLoop().callSoon(() => {
    for (const piece of pieces) reader.feedData(piece);
  });
}

for (const { style, wait } of STYLES) {
  describe(`StreamReader, ${style}`, () => {
    it("ST-002 empty data adds nothing, other data is appended", async () => {
      await run(async () => {
        const reader = fed([], { isEnded: false });
        reader.feedData("");
        assert.equal(String(reader), "<StreamReader>");
        reader.feedData("da");
        reader.feedData("ta");
        reader.feedEof();
        assert.equal(text(await wait(reader.read())), "data");
        assert.throws(() => reader.feedData("more"), RuntimeError);
      });
    });

    it("ST-003 read(0) returns nothing and consumes nothing", async () => {
      await run(async () => {
        const reader = fed(["data"], { isEnded: false });
        assert.deepEqual(await wait(reader.read(0)), new Uint8Array(0));
        assert.equal(text(await wait(reader.read(4))), "data");
        assert.throws(() => reader.read(0.5), TypeError);
      });
    });

    it("ST-004 read(n) waits for data and returns at most n bytes", async () => {
      await run(async () => {
        const reader = fed([], { isEnded: false });
        feedSoon(reader, "li", "ne1\nline2");
        assert.equal(text(await wait(reader.read(30))), "line1\nline2");
        feedSoon(reader, "abcdef");
        assert.equal(text(await wait(reader.read(4))), "abcd");
        assert.equal(text(await wait(reader.read(4))), "ef");
      });
    });

    it("ST-006 read at the end returns nothing", async () => {
      await run(async () => {
        const reader = fed([], { isEnded: false });
        getRunningLoop().callSoon(() => reader.feedEof());
        assert.equal((await wait(reader.read(1024))).length, 0);
        assert.equal((await wait(reader.read())).length, 0);
      });
    });

    it("ST-007 read(-1) reads until the end, whatever the limit", async () => {
      await run(async () => {
        const reader = fed([], { isEnded: false, limit: 3 });
        feedSoon(reader, "chunk1\n");
        getRunningLoop().callLater(1, () => {
          reader.feedData("chunk2");
          reader.feedEof();
        });
        assert.equal(text(await wait(reader.read(-1))), "chunk1\nchunk2");
        assert.ok(reader.atEof());
      });
    });

    it("ST-009 a limit of 0 or less throws RangeError", async () => {
      await run(async () => {
        for (const limit of [0, -1, Number.NaN]) {
          assert.throws(() => new StreamReader({ limit }), RangeError);
        }
        assert.throws(() => new StreamReader(wrong({ limt: 3 })), TypeError);
        // What a StreamReader gives is waited for in either style.
        assert.equal((await wait(fed([]).read(1))).length, 0);
      });
    });

    it("ST-010 read and readexactly may exceed the limit", async () => {
      await run(async () => {
        const reader = fed(["chunk", "chunk"], { limit: 3 });
        assert.equal(text(await wait(reader.read(5))), "chunk");
        assert.equal(text(await wait(reader.readexactly(5))), "chunk");
      });
    });

    it("ST-012 a line longer than the limit throws RangeError, and is dropped as far as it has come", async () => {
      await run(async () => {
        const whole = fed(["li", "ne1\nline2\n"], { limit: 3 });
        await assert.rejects(wait(whole.readline()), RangeError);
        assert.equal(text(await wait(whole.read())), "line2\n");

        const part = fed(["li", "ne1", "li"], { limit: 3, isEnded: false });
        await assert.rejects(wait(part.readline()), /longer than the stream's limit of 3 bytes/);
        part.feedEof();
        assert.equal(text(await wait(part.read())), "");

        const later = fed([], { limit: 7, isEnded: false });
        feedSoon(later, "chunk1", "chunk2", "chunk3\n");
        await assert.rejects(wait(later.readline()), RangeError);
        later.feedEof();
        assert.equal(text(await wait(later.read())), "");
      });
    });

    it("ST-013 a line of exactly limit bytes before its newline is fine, one more is not", async () => {
      await run(async () => {
        const reader = fed(["123\n1234\n"], { limit: 3 });
        assert.equal(text(await wait(reader.readline())), "123\n");
        await assert.rejects(wait(reader.readline()), RangeError);
        const piecemeal = fed(["12", "3"], { limit: 3, isEnded: false });
        feedSoon(piecemeal, "\n");
        assert.equal(text(await wait(piecemeal.readline())), "123\n");
      });
    });

    it("ST-014 readline at the end returns the partial line, then nothing", async () => {
      await run(async () => {
        const reader = fed(["whole\nsome ", "data"]);
        assert.equal(text(await wait(reader.readline())), "whole\n");
        assert.equal(text(await wait(reader.readline())), "some data");
        assert.equal(text(await wait(reader.readline())), "");
        const lines: string[] = [];
        for await (const line of fed(["a\nb\n", "c"])) lines.push(text(line));
        assert.deepEqual(lines, ["a\n", "b\n", "c"]);
      });
    });

    it("ST-015 atEof is true only once the end was fed and all was read", async () => {
      await run(async () => {
        const reader = fed(["some data\n"], { isEnded: false });
        assert.ok(!reader.atEof());
        await wait(reader.readline());
        assert.ok(!reader.atEof());
        reader.feedData("more");
        reader.feedEof();
        assert.ok(!reader.atEof());
        await wait(reader.read());
        assert.ok(reader.atEof());
      });
    });

    it("ST-016 readuntil refuses no separator, and an empty one", async () => {
      await run(async () => {
        const reader = fed(["data\n"]);
        assert.throws(() => reader.readuntil(""), RangeError);
        assert.throws(() => reader.readuntil([]), RangeError);
        assert.throws(() => reader.readuntil(["\n", new Uint8Array(0)]), RangeError);
        assert.throws(() => reader.readuntil(wrong(10)), TypeError);
        assert.equal(text(await wait(reader.readuntil())), "data\n");
      });
    });

    it("ST-018 readuntil at the end without a separator throws IncompleteReadError, and empties the buffer", async () => {
      await run(async () => {
        const reader = fed(["some data"]);
        await assert.rejects(wait(reader.readuntil("\n")), (error: IncompleteReadError) => {
          assert.ok(error instanceof IncompleteReadError);
          assert.equal(text(error.partial), "some data");
          assert.equal(error.expected, undefined);
          return true;
        });
        assert.ok(reader.atEof());
      });
    });

    it("ST-019 readuntil beyond the limit throws LimitOverrunError, and leaves the data", async () => {
      await run(async () => {
        const reader = fed(["some dataAA"], { limit: 7, isEnded: false });
        await assert.rejects(wait(reader.readuntil("AA")), (error: LimitOverrunError) => {
          assert.ok(error instanceof LimitOverrunError);
          assert.match(error.message, /comes after/);
          assert.equal(error.consumed, 9);
          return true;
        });
        assert.equal(text(await wait(reader.readexactly(11))), "some dataAA");

        reader.feedData("some dataA");
        await assert.rejects(wait(reader.readuntil("AA")), (error: LimitOverrunError) => {
          assert.match(error.message, /no separator/);
          assert.equal(error.consumed, 9);
          return true;
        });
        assert.equal(text(await wait(reader.readexactly(10))), "some dataA");
      });
    });

    it("ST-021 of several separators the first to end counts, also when it comes in pieces", async () => {
      await run(async () => {
        const reader = fed(["a"], { isEnded: false });
        feedSoon(reader, "<", "/b", ">rest;");
        assert.equal(text(await wait(reader.readuntil(["</b>", ";"]))), "a</b>");
        assert.equal(text(await wait(reader.readuntil([";", "</b>"]))), "rest;");
        reader.feedData("xABCy");
        assert.equal(text(await wait(reader.readuntil(["ABC", "AB"]))), "xAB");
        reader.feedData("12");
        assert.equal(text(await wait(reader.readuntil(["34567", "2"]))), "Cy12");
      });
    });

    it("ST-022 readuntil accepts any kind of bytes, and text", async () => {
      await run(async () => {
        const bytes = new Uint8Array([0, 65, 66, 0]);
        const separators = [
          bytes.subarray(1, 3),
          new DataView(bytes.buffer, 1, 2),
          bytes.slice(1, 3).buffer,
          new Uint16Array([0x42_41]),
          "AB",
        ];
        const reader = fed(separators.map((_, index) => `${index}AB`));
        for (const [index, separator] of separators.entries()) {
          assert.equal(text(await wait(reader.readuntil(separator))), `${index}AB`);
        }
      });
    });

    it("ST-023 readexactly(0) returns nothing, a negative count throws RangeError; neither consumes", async () => {
      await run(async () => {
        const reader = fed(["data"]);
        assert.equal((await wait(reader.readexactly(0))).length, 0);
        assert.throws(() => reader.readexactly(-1), RangeError);
        assert.equal(text(await wait(reader.read())), "data");
      });
    });

    it("ST-024 readexactly waits for all bytes, and keeps the surplus", async () => {
      await run(async () => {
        const reader = fed([], { isEnded: false });
        feedSoon(reader, "chun", "k1", "rest");
        assert.equal(text(await wait(reader.readexactly(6))), "chunk1");
        reader.feedEof();
        await assert.rejects(wait(reader.readexactly(9)), (error: IncompleteReadError) => {
          assert.equal(error.expected, 9);
          assert.equal(text(error.partial), "rest");
          return error instanceof IncompleteReadError;
        });
      });
    });

    it("ST-026 exception() returns the stored error, which every read throws", async () => {
      await run(async () => {
        const reader = fed([], { isEnded: false });
        assert.equal(reader.exception(), undefined);
        const error = new TypeError("broken");
        getRunningLoop().callSoon(() => reader.setException(error));
        await assert.rejects(wait(reader.readline()), error);
        assert.equal(reader.exception(), error);
        for (const read of [reader.read(), reader.read(2), reader.readexactly(2)]) {
          await assert.rejects(wait(read), error);
        }
      });
    });

    it("ST-028 an error after the waiting read was cancelled does no harm", async () => {
      await run(async () => {
        const reader = fed([], { isEnded: false });
        const task = createTask(() => wait(reader.readline()));
        await sleep(0);
        await sleep(0);
        task.cancel();
        reader.setException(new Error("late"));
        await assert.rejects(async () => await task, CancelledError);
        assert.match(String(reader), /exception=Error/);
      });
    });

    it("ST-029 a reader needs a loop", async () => {
      assert.throws(() => new StreamReader(), RuntimeError);
      assert.equal(String(new StreamReader({ loop: new Loop() })), "<StreamReader>");
      await run(async () => {
        const reader = new StreamReader({ loop: getRunningLoop() });
        reader.feedEof();
        assert.equal((await wait(reader.read())).length, 0);
      });
    });

    it("ST-030 the string form shows limit, bytes, end, waiter, exception and transport", async () => {
      await run(async () => {
        const reader = fed([], { isEnded: false, limit: 123 });
        const task = createTask(() => wait(reader.read(1)));
        await sleep(0);
        await sleep(0);
        assert.equal(String(reader), "<StreamReader limit=123 waiting>");
        reader.feedData("data");
        assert.equal(text(await task), "d");
        reader.setTransport({ pauseReading: () => {}, resumeReading: () => {} });
        assert.throws(() => reader.setTransport(wrong({})), RuntimeError);
        reader.feedEof();
        reader.setException(new RangeError("x"));
        assert.equal(
          String(reader),
          "<StreamReader 3 bytes eof limit=123 exception=RangeError transport>",
        );
      });
    });
  });
}

describe("StreamReader", () => {
  it("pauses its source while more than twice the limit lies unread, and lets only one task wait", async () => {
    await run(async () => {
      const calls: string[] = [];
      const reader = new StreamReader({ limit: 10 });
      reader.setTransport({
        pauseReading: () => calls.push("pause"),
        resumeReading: () => calls.push("resume"),
      });
      reader.feedData(new Uint8Array(20));
      assert.deepEqual(calls, []);
      reader.feedData(new Uint8Array(1));
      assert.deepEqual(calls, ["pause"]);
      await reader.read(10);
      assert.deepEqual(calls, ["pause"]);
      await reader.read(1);
      assert.deepEqual(calls, ["pause", "resume"]);
      // Who waits for more than fits would wait for ever if the source stayed paused.
      reader.feedData(new Uint8Array(11));
      assert.equal(calls.length, 3);
      const task = createTask(reader.readexactly(25));
      await sleep(0);
      assert.deepEqual(calls, ["pause", "resume", "pause", "resume"]);
      await assert.rejects(async () => await reader.readexactly(30), RuntimeError);
      reader.feedData(new Uint8Array(10));
      assert.equal((await task).length, 25);
    });
  });

  it("loses nothing when a read is cancelled", async () => {
    await run(async () => {
      const reader = new StreamReader({ limit: 4 });
      for (const read of [
        () => reader.read(),
        () => reader.readline(),
        () => reader.readexactly(20),
        () => reader.readuntil("--"),
      ]) {
        const task = createTask(read());
        for (const piece of ["ab", "c"]) {
          await sleep(0);
          reader.feedData(piece);
        }
        await sleep(0);
        task.cancel();
        await assert.rejects(async () => await task, CancelledError);
        assert.equal(text(await reader.read(100)), "abc");
      }
    });
  });

  it("hands out bytes that are the caller's own", async () => {
    await run(async () => {
      const reader = new StreamReader();
      reader.feedData("abcdef");
      const [first, second] = [await reader.read(3), await reader.read(3)];
      assert.equal(first.buffer.byteLength, 3);
      first.fill(0);
      assert.equal(text(second), "def");
    });
  });

  it("finds separators at every border between chunks", async () => {
    await run(async () => {
      const message = "ab--\r\n--cd\r\n--\r\n-\r\n\r\nend\r\n\r\n";
      for (let size = 1; size <= message.length; size++) {
        const reader = new StreamReader();
        const task = createTask(async () => {
          const parts: string[] = [];
          for (let i = 0; i < 2; i++) parts.push(text(await reader.readuntil("\r\n\r\n")));
          return parts;
        });
        for (let at = 0; at < message.length; at += size) {
          reader.feedData(message.slice(at, at + size));
          await sleep(0);
        }
        assert.deepEqual(await task, ["ab--\r\n--cd\r\n--\r\n-\r\n\r\n", "end\r\n\r\n"]);
      }
    });
  });
});
