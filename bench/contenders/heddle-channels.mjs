/** heddle's pipes and queues between two processes, in the cases of ../suites/channels.mjs. */

import { Pipe, Process, Queue } from "../../dist/multiprocessing/index.js";
import * as child from "./channels/heddle.worker.mjs";

const LARGE = new Uint8Array(10 * 2 ** 20).fill(7);

/** A process that has the other end of a pipe; it lives as long as this one. */
function connected(target) {
  const [ours, theirs] = Pipe();
  new Process({ target, args: [theirs], daemon: true }).start();
  theirs.close();
  return ours;
}

function queues(target) {
  const [there, back] = [new Queue(), new Queue()];
  new Process({ target, args: [there, back], daemon: true }).start();
  return [there, back];
}

const started = new Map();

/** What has been made for that target: once. */
function once(make, target) {
  if (!started.has(target)) started.set(target, make(target));
  return started.get(target);
}

function mustBe(got, expected) {
  if (got !== expected) throw new Error(`Wrong result: ${got}`);
}

const PRIMITIVES = {
  async pipe(count) {
    const pipe = once(connected, child.echo);
    for (let n = 0; n < count; n++) {
      await pipe.send(n);
      mustBe(await pipe.recv(), n);
    }
  },
  pipeSync(count) {
    const pipe = once(connected, child.echoSync);
    for (let n = 0; n < count; n++) {
      pipe.sendSync(n);
      mustBe(pipe.recvSync(), n);
    }
  },
  async send(count) {
    const pipe = once(connected, child.count);
    for (let n = 0; n < count; n++) await pipe.send(n);
    await pipe.send("how many?");
    mustBe(await pipe.recv(), count);
  },
  async sendSync(count) {
    const pipe = once(connected, child.countSync);
    for (let n = 0; n < count; n++) pipe.sendSync(n);
    pipe.sendSync("how many?");
    mustBe(pipe.recvSync(), count);
  },
  async queue(count) {
    const [there, back] = once(queues, child.countItems);
    for (let n = 0; n < count; n++) await there.put(n);
    await there.put("how many?");
    mustBe(await back.get(), count);
  },
  queueSync(count) {
    const [there, back] = once(queues, child.countItemsSync);
    for (let n = 0; n < count; n++) there.putSync(n);
    there.putSync("how many?");
    mustBe(back.getSync(), count);
  },
  async large(count) {
    const pipe = once(connected, child.echo);
    for (let n = 0; n < count; n++) {
      await pipe.send(LARGE);
      mustBe((await pipe.recv()).length, LARGE.length);
    }
  },
  async largeBytes(count) {
    const pipe = once(connected, child.echoBytes);
    for (let n = 0; n < count; n++) {
      await pipe.sendBytes(LARGE);
      mustBe((await pipe.recvBytes()).length, LARGE.length);
    }
  },
};

export const load = async () => undefined;

export function open() {
  return {
    async primitive(name, count) {
      const start = performance.now();
      await PRIMITIVES[name](count);
      return performance.now() - start;
    },
  };
}
