import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, it } from "node:test";
import {
  BrokenPipeError,
  EOFError,
  move,
  OSError,
  reduce,
  RuntimeError,
  SendError,
  TimeoutError,
} from "heddle";
import { ProcessPoolExecutor } from "heddle/concurrent/futures";
import { BufferTooShort, Connection, Pipe, Process } from "heddle/multiprocessing";
import { wait } from "heddle/multiprocessing/connection";
import { Thread } from "heddle/threading";
import {
  answerThrough,
  echo,
  echoSync,
  pollUntilTold,
  sendAndExit,
  sendAndSpin,
} from "../../support/channels-tasks.ts";
import { ValidationError } from "../../support/tasks.ts";

/** What another process gets of a connection, as far as a test looks. */
interface Sent {
  readonly reads: { readonly hub: { readonly path: string } };
}

type Echo = (connection: Connection) => unknown;

/** A process that sends back what it gets, and our end of the pipe to it. */
function startEcho(target: Echo = echo): readonly [Connection, Process] {
  const [ours, theirs] = Pipe();
  const child = new Process({ target, args: [theirs] });
  child.start();
  theirs.close();
  return [ours, child];
}

async function endEcho(connection: Connection, child: Process): Promise<void> {
  await connection.send(null);
  await child.join();
}

const VALUES: readonly unknown[] = [
  undefined,
  0,
  -0,
  2n ** 70n,
  "text",
  [1, [2, ["three"]]],
  { a: 1, b: new Map([["k", new Set([1])]]) },
  new Date(5),
  new Uint8Array([1, 2]),
  new Float64Array(10_000).fill(0.5),
  "x".repeat(200_000),
];

describe("multiprocessing.Connection", () => {
  for (const target of [echo, echoSync]) {
    it(`carries values there and back, as copies: ${target.name}`, async () => {
      const [connection, child] = startEcho(target);
      for (const value of VALUES) {
        await connection.send(value);
        assert.deepEqual(await connection.recv(), value);
        connection.sendSync(value);
        assert.deepEqual(connection.recvSync(), value);
      }
      await connection.send(new ValidationError("is empty", "E1"));
      const error = (await connection.recv()) as ValidationError;
      assert.ok(error instanceof ValidationError);
      assert.deepEqual([error.message, error.code], ["is empty", "E1"]);
      await endEcho(connection, child);
    });
  }

  it("refuses what cannot be sent by its path, and goes on", async () => {
    const [connection, child] = startEcho();
    const shared = { list: [new SharedArrayBuffer(4)] };
    await assert.rejects(connection.send(shared), (error) => {
      assert.ok(error instanceof SendError);
      assert.equal(error.path, "message.list[0]");
      return true;
    });
    assert.throws(() => connection.sendSync(shared), SendError);
    await connection.send("fine");
    assert.equal(await connection.recv(), "fine");
    await endEcho(connection, child);
  });

  it("MP-096 Connection: recvBytesInto fills a buffer at an offset and gives the number of bytes; a buffer that is too small throws BufferTooShort with the message", async () => {
    const [a, b] = Pipe();
    const buffer = new Uint8Array(6).fill(9);
    await a.sendBytes(new Uint8Array([1, 2, 3]));
    assert.equal(await b.recvBytesInto(buffer, { offset: 2 }), 3);
    assert.deepEqual([...buffer], [9, 9, 1, 2, 3, 9]);
    a.sendBytesSync(new Uint16Array([0x0101]));
    assert.equal(b.recvBytesIntoSync(buffer), 2);
    await a.sendBytes(new Uint8Array(10).fill(4));
    await assert.rejects(b.recvBytesInto(buffer, { offset: 5 }), (error) => {
      assert.ok(error instanceof BufferTooShort);
      assert.deepEqual(error.bytes, new Uint8Array(10).fill(4));
      return true;
    });
    assert.equal(await b.poll(), false);
  });

  it("MP-098 Connection: an empty message makes poll true", async () => {
    const [a, b] = Pipe();
    assert.deepEqual([await b.poll(), b.pollSync()], [false, false]);
    await a.sendBytes(new Uint8Array(0));
    assert.deepEqual([await b.poll(), b.pollSync(), await b.poll()], [true, true, true]);
    assert.equal((await b.recvBytes()).length, 0);
    assert.equal(b.pollSync({ timeout: 5 }), false);
    const polling = b.poll({ timeout: 60_000 });
    await a.send(1);
    assert.equal(await polling, true);
  });

  it("MP-099 Connection: messages are never merged: three sends are three receives", async () => {
    const [a, b] = Pipe();
    for (const byte of [1, 2, 3]) await a.sendBytes(new Uint8Array([byte]));
    for (const byte of [1, 2, 3]) assert.deepEqual(await b.recvBytes(), new Uint8Array([byte]));
  });

  it("MP-100 Connection: a poll in another process does not take part of a message", async () => {
    const [receiver, sender] = Pipe({ duplex: false });
    const [theirs, ours] = Pipe({ duplex: false });
    const child = new Process({ target: pollUntilTold, args: [receiver, theirs] });
    child.start();
    for (let n = 0; n < 50; n++) {
      await sender.send({ n, text: "x".repeat(n * 100) });
      assert.equal(((await receiver.recv()) as { n: number }).n, n);
    }
    await ours.send("end");
    assert.ok((await child) > 0);
  });

  it("MP-101 Connection: after the peer closed, recv and recvBytes throw EOFError; send throws BrokenPipeError", async () => {
    const [a, b] = Pipe();
    await a.send("left");
    a.close();
    a.close();
    assert.equal(await b.recv(), "left");
    await assert.rejects(b.recv(), EOFError);
    await assert.rejects(b.recvBytes(), EOFError);
    assert.throws(() => b.recvSync(), EOFError);
    assert.equal(await b.poll(), true);
    await assert.rejects(b.send(1), BrokenPipeError);
    assert.throws(() => b.sendSync(1), BrokenPipeError);
  });

  it("MP-103 Connection: sendBytes with offset and size sends that part; bad ranges throw", async () => {
    const [a, b] = Pipe();
    const bytes = new Uint8Array([1, 2, 3, 4]);
    await a.sendBytes(bytes, { offset: 1, size: 2 });
    assert.deepEqual(await b.recvBytes(), new Uint8Array([2, 3]));
    await a.sendBytes(bytes, { offset: 3 });
    assert.deepEqual(await b.recvBytes(), new Uint8Array([4]));
    for (const wrong of [{ offset: -1 }, { offset: 5 }, { size: -1 }, { offset: 2, size: 3 }]) {
      assert.throws(() => a.sendBytesSync(bytes, wrong), RangeError);
    }
    assert.equal(await b.poll(), false);
  });

  it("MP-104 Connection: closing the parent's copy of the child's end right after start does no harm", async () => {
    const [connection, child] = startEcho();
    await connection.send("still");
    assert.equal(await connection.recv(), "still");
    await endEcho(connection, child);
  });

  it("MP-105 Connection: a connection that is used as a scope is closed at the end; receiving on it then fails", async () => {
    const [a, b] = Pipe();
    a[Symbol.dispose]();
    assert.deepEqual([a.closed, b.closed], [true, false]);
    await assert.rejects(a.recv(), { name: "OSError", message: /it has been closed$/ });
    assert.throws(() => a.sendSync(1), OSError);
    assert.throws(() => a.pollSync(), OSError);
    const receiving = b.recv().catch((error: unknown) => error);
    b.close();
    const error = await receiving;
    assert.ok(error instanceof OSError || error instanceof EOFError);
    assert.equal(String(b), "<Connection read-write closed>");
  });

  it("MP-113 Connection: wait gives what is ready; an empty list when the timeout comes; a timeout of 0 gives at once what is ready", async () => {
    const pipes = [0, 1, 2].map(() => Pipe({ duplex: false }));
    const receivers = pipes.map(([receiver]) => receiver);
    assert.deepEqual(await wait(receivers, { timeout: 5 }), []);
    assert.deepEqual(await wait(receivers, { timeout: 0 }), []);
    assert.deepEqual(await wait([]), []);
    const waiting = wait(receivers);
    await (pipes[1] as [Connection, Connection])[1].send(1);
    assert.deepEqual(await waiting, [receivers[1]]);
    (pipes[2] as [Connection, Connection])[1].close();
    assert.deepEqual(await wait(receivers, { timeout: 0 }), [receivers[1], receivers[2]]);
    const over = Promise.resolve();
    await over;
    const child = new Process({ target: () => undefined });
    child.start();
    assert.deepEqual(await wait([receivers[0] as Connection, child.sentinel]), [child.sentinel]);
    assert.throws(() => wait([5 as never]), TypeError);
  });

  it("one direction only, where the pipe is not duplex", async () => {
    const [receiver, sender] = Pipe({ duplex: false });
    assert.deepEqual([receiver.readable, receiver.writable], [true, false]);
    assert.deepEqual([sender.readable, sender.writable], [false, true]);
    await assert.rejects(receiver.send(1), { name: "OSError", message: /it can only receive$/ });
    await assert.rejects(sender.recv(), { name: "OSError", message: /it can only send$/ });
  });

  it("what a process sends before it ends arrives, and then its end", async () => {
    const [receiver, sender] = Pipe({ duplex: false });
    const child = new Process({ target: sendAndExit, args: [sender, 3_000_000] });
    child.start();
    assert.equal(((await receiver.recv()) as Uint8Array).length, 3_000_000);
    assert.equal(receiver.recvSync(), "last");
    // Our own copy of its end, which we have not used, keeps nothing open.
    await assert.rejects(receiver.recv(), EOFError);
    await child.join();
    assert.equal(child.exitcode, 3);
  });

  it("the death of the other side ends every wait", async () => {
    const [ours, theirs] = Pipe();
    const child = new Process({ target: sendAndSpin, args: [theirs] });
    child.start();
    assert.equal(await ours.recv(), "up");
    const waits = [
      ours.recv(),
      ours.recvBytes({ timeout: 60_000 }),
      ours.poll({ timeout: 60_000 }),
      wait([ours]),
    ].map((waiting) => waiting.then(String, (error: Error) => error.name));
    child.kill();
    assert.deepEqual(await Promise.all(waits), ["EOFError", "EOFError", "true", String(ours)]);
    assert.throws(() => ours.recvSync(), EOFError);
    await assert.rejects(ours.send(1), BrokenPipeError);
    await child.join();
  });

  it("a process that never gets its end does not keep it open", async () => {
    const [ours, theirs] = Pipe();
    const child = new Process({ target: sendAndSpin, args: [theirs], cwd: "/no/such/directory" });
    child.start();
    theirs.close();
    await assert.rejects(child.join());
    await assert.rejects(ours.recv(), EOFError);
  });

  it("waits have limits and signals, and take nothing then", async () => {
    const [a, b] = Pipe();
    await assert.rejects(a.recv({ timeout: 5 }), TimeoutError);
    assert.throws(() => a.recvSync({ timeout: 5 }), TimeoutError);
    const controller = new AbortController();
    const reason = new Error("enough");
    const receiving = a.recv({ signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(receiving, reason);
    await b.send("whole");
    assert.equal(await a.recv({ timeout: 0 }), "whole");
  });

  it("sending waits while too much has not been received", async () => {
    const [a, b] = Pipe();
    let sent = 0;
    for (; sent < 1000; sent++) {
      const inTime = await a.send(sent, { timeout: 50 }).then(
        () => true,
        (error: unknown) => (assert.ok(error instanceof TimeoutError), false),
      );
      if (!inTime) break;
    }
    assert.equal(sent, 256);
    const kept = new Uint8Array(10);
    await assert.rejects(a.send(move(kept), { timeout: 50 }), TimeoutError);
    assert.throws(() => a.sendSync(move(kept), { timeout: 50 }), TimeoutError);
    assert.equal(kept.length, 10, "a moved buffer is left to the sender of what is not sent");
    const next = a.send(sent);
    for (let n = 0; n <= sent; n++) assert.equal(await b.recv(), n);
    await next;
  });

  it("a message that is refused stays", async () => {
    const [a, b] = Pipe();
    await a.send("a value");
    await a.sendBytes(new Uint8Array(10));
    await assert.rejects(b.recvBytes(), RuntimeError);
    assert.throws(() => b.recvBytesSync(), RuntimeError);
    assert.equal(await b.recv(), "a value");
    await assert.rejects(b.recvBytes({ maxlength: 9 }), OSError);
    assert.equal((await b.recvBytes({ maxlength: 10 })).length, 10);
  });

  it("connections travel to pools, to threads, and in messages", async () => {
    const [ours, theirs] = Pipe();
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    const echoing = pool.submit(echo, theirs);
    await ours.send("to a pool");
    assert.equal(await ours.recv(), "to a pool");
    await ours.send(null);
    await echoing;
    const answering = pool.submit(answerThrough, theirs);
    const [near, far] = Pipe();
    await ours.send(far);
    assert.equal(await near.recv(), "through");
    await answering;
    await pool.shutdown();
    const [there, here] = Pipe();
    const thread = new Thread({ target: echoSync, args: [there] });
    thread.start();
    await here.send("to a thread");
    assert.equal(here.recvSync(), "to a thread");
    await here.send(null);
    await thread.join();
  });

  it("what connects without leave is turned away, and harms nothing", async () => {
    const [a, b] = Pipe();
    const [, [sent]] = (a as unknown as { [reduce](): [unknown, [Sent]] })[reduce]();
    for (const bytes of [new Uint8Array(64), new Uint8Array(64).fill(255), new Uint8Array(3)]) {
      const socket = connect(sent.reads.hub.path);
      socket.on("error", () => undefined);
      socket.write(bytes);
      await new Promise((resolve) => socket.once("close", resolve).resume());
    }
    await a.send("still");
    assert.equal(await b.recv(), "still");
  });

  it("several waits get as many messages, also when one of them is given up", async () => {
    const [a, b] = Pipe();
    for (let round = 0; round < 20; round++) {
      const controller = new AbortController();
      const first = a.recv({ signal: controller.signal }).then(
        () => 1,
        () => 0,
      );
      const others = [a.recv(), a.recv()];
      await b.send("one");
      if (round % 2 === 0) await new Promise((resolve) => setTimeout(resolve, round % 3));
      controller.abort();
      const got = await first;
      for (let n = 2 - (1 - got); n > 0; n--) await b.send("more");
      await Promise.all(others);
      assert.equal(await a.poll(), false);
    }
  });

  it("a poll of a connection that is closed meanwhile says so", async () => {
    const [a] = Pipe();
    const polling = a.poll({ timeout: 60_000 }).catch((error: unknown) => error);
    await a.poll();
    a.close();
    assert.ok((await polling) instanceof OSError);
  });

  it("cannot be constructed", () => {
    assert.throws(() => new Connection(), /Pipe\(\) makes connections/);
  });
});
