import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, it } from "node:test";
import { Worker } from "node:worker_threads";
import { ANSWERING } from "../../../build/src/platform/process/control-lines.js";
import {
  DETOUR_THREAD,
  FOR_MESSAGES,
  FOR_REQUESTS,
  framed,
  FramesIn,
} from "../../../build/src/platform/process/detour.js";
import {
  newDetour,
  takeDetour,
  withDetour,
} from "../../../build/src/platform/process/detour-address.js";

const PREFIX = `const { parentPort, workerData } = require("node:worker_threads");${ANSWERING}`;
/** What answers requests. */
const controller = "(words, verb, number) => `${verb} of ${number}: ${words[0]}`";

/** Connects, once the thread listens. */
async function connected(path: string): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    const isOpen = await new Promise((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    if (isOpen) return socket;
  }
}

describe("the second lane to a child", () => {
  it("carries bytes, however its chunks are cut and wherever they lie in memory", () => {
    const message = { results: [1, false, new Uint8Array([7, 8, 9])], last: Buffer.from([5]) };
    const bytes = Buffer.from([1, 2, 3, 4, 5, ...framed(message), ...framed(message)]);
    for (const cut of [6, 8, 20, bytes.length]) {
      const frames = new FramesIn();
      const found = [bytes.subarray(5, cut), bytes.subarray(cut)].flatMap((chunk) =>
        frames.push(chunk),
      );
      assert.deepEqual(found, [message, message]);
    }
  });

  it("is for who has the token, however that is split, with a socket for requests beside it", async () => {
    const detour = newDetour();
    const written = new Int32Array(new SharedArrayBuffer(4));
    const memory = new Int32Array([42]).buffer;
    const workerData = { detour, written, memory, controller };
    const thread = new Worker(PREFIX + DETOUR_THREAD, { eval: true, workerData });
    const heard: (Uint8Array | null)[] = [];
    thread.on("message", (message: Uint8Array | null) => heard.push(message));
    for (const wrong of ["x".repeat(detour.token.length), `${detour.token.slice(0, -1)}!`, "no"]) {
      const stranger = await connected(detour.path);
      stranger.resume();
      stranger.write(wrong);
      await once(stranger, "close");
    }
    assert.equal(heard.length, 0);

    const peer = await connected(detour.path);
    peer.write(detour.token.slice(0, 5));
    const came = once(thread, "message");
    await new Promise((resolve) => peer.write(detour.token.slice(5) + FOR_MESSAGES, resolve));
    await came;
    assert.equal(heard.at(-1), null);
    const message = { kind: "calls", calls: [1, 2, new Uint8Array([3])] };
    const next = once(thread, "message");
    peer.write(framed(message));
    await next;
    assert.deepEqual(new FramesIn().push(heard.at(-1) as Uint8Array), [message]);

    const frame = framed({ kind: "results" });
    thread.postMessage(frame);
    const [chunk] = (await once(peer, "data")) as [Uint8Array];
    assert.deepEqual(new FramesIn().push(chunk), [{ kind: "results" }]);

    const beside = await connected(detour.path);
    beside.write(`${detour.token}${FOR_REQUESTS}a1`);
    beside.write("7\n");
    const [answer] = (await once(beside, "data")) as [Uint8Array];
    assert.equal(String(answer), "a17 a of 17: 42\n");
    beside.destroy();
    await thread.terminate();
    peer.destroy();
  });

  it("gives messages whole, however they are cut", () => {
    const messages = [1, { kind: "x", text: "y".repeat(300) }, [new Uint8Array(500).fill(4)]];
    const bytes = Buffer.concat(messages.map(framed));
    for (const size of [1, 3, 7, 64, bytes.length]) {
      const frames = new FramesIn();
      const got: unknown[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        got.push(...frames.push(new Uint8Array(bytes.subarray(at, at + size))));
      }
      assert.deepEqual(got, messages);
    }
  });

  it("its address is in the environment until it is taken", () => {
    const detour = newDetour();
    const env = withDetour({ A: "b" }, detour);
    assert.deepEqual(Object.keys(env), ["A", "HEDDLE_DETOUR"]);
    assert.ok(!(env["HEDDLE_DETOUR"] as string).includes("\0"));
    process.env["HEDDLE_DETOUR"] = env["HEDDLE_DETOUR"];
    assert.deepEqual(takeDetour(), detour);
    assert.equal("HEDDLE_DETOUR" in process.env, false);
    assert.equal(takeDetour(), undefined);
  });
});
