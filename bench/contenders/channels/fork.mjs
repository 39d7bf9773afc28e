/** The messages of `fork` and nothing else, in the cases of ../../suites/channels.mjs. */

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./fork.worker.mjs", import.meta.url));
const LARGE = new Uint8Array(10 * 2 ** 20).fill(7);

export const load = async () => undefined;

export function open() {
  const child = fork(SCRIPT, { serialization: "advanced" });
  const next = () => new Promise((resolve) => child.once("message", resolve));

  async function echoed(count, value, measure) {
    for (let n = 0; n < count; n++) {
      child.send(["echo", value ?? n]);
      const got = await next();
      if (measure(got) !== measure(value ?? n)) throw new Error("Wrong result");
    }
  }

  async function sent(count) {
    // Sending has no promise: a turn of the event loop now and then lets them go out.
    for (let n = 0; n < count; n++) {
      child.send(["count", n]);
      if (n % 256 === 255) await new Promise((resolve) => setImmediate(resolve));
    }
    child.send(["how many?"]);
    const got = await next();
    if (got !== count) throw new Error(`Wrong result: ${got}`);
  }

  const primitives = {
    pipe: (count) => echoed(count, undefined, (value) => value),
    send: sent,
    large: (count) => echoed(count, LARGE, ({ length }) => length),
  };
  return {
    async primitive(name, count) {
      if (!(name in primitives)) return undefined;
      const start = performance.now();
      await primitives[name](count);
      return performance.now() - start;
    },
  };
}
