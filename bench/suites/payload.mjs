/** Round trips, one in flight, of values that are not small. */

import { check, repeat } from "./suite.mjs";

export const title = "Payloads";

const TEN_MIB = 10 * 2 ** 20;

const text = "heddle ".repeat(147).slice(0, 1024);

/** About 100 KiB as JSON: objects in objects, numbers, strings, arrays. */
const graph = {
  rows: Array.from({ length: 800 }, (_, id) => ({
    id,
    name: `row number ${id}`,
    price: id * 1.25,
    tags: ["alpha", "beta", "gamma"],
    position: { x: id % 40, y: Math.floor(id / 40) },
    isOdd: id % 2 === 1,
  })),
};

const cannotCopy = (pool) =>
  pool.movesAlways ? "moves typed arrays, cannot copy them" : undefined;

export const cases = [
  {
    name: "string",
    title: "Echo a string of 1 KiB",
    unit: "ms",
    workers: 2,
    columns: ["p50:ms", "p99:ms"],
    measure: (pool) =>
      repeat(async () => check((await pool.run("echo", text)) === text, "another string")),
  },
  {
    name: "graph",
    title: "Echo an object graph of 100 KiB",
    unit: "ms",
    workers: 2,
    columns: ["p50:ms"],
    measure: (pool) =>
      repeat(async () =>
        check((await pool.run("echo", graph)).rows.at(-1).position.y === 19, "another graph"),
      ),
  },
  {
    name: "copied",
    title: "Echo a Uint8Array of 10 MiB, copied both ways",
    unit: "ms",
    workers: 2,
    columns: ["p50:ms"],
    skips: cannotCopy,
    measure: (pool) => {
      const bytes = new Uint8Array(TEN_MIB).fill(7);
      return repeat(async () =>
        check((await pool.run("echo", bytes))[TEN_MIB - 1] === 7, "other bytes"),
      );
    },
  },
  {
    name: "moved",
    title: "Echo a Uint8Array of 10 MiB, moved both ways",
    unit: "ms",
    workers: 2,
    columns: ["p50:ms"],
    skips: (pool) => (pool.runMoved ? undefined : "cannot move both ways"),
    measure: (pool) => {
      let bytes = new Uint8Array(TEN_MIB).fill(7);
      return repeat(async () => {
        const sent = bytes;
        bytes = await pool.runMoved(sent);
        check(sent.length === 0 && bytes[TEN_MIB - 1] === 7, "copied, or other bytes");
      });
    },
  },
  {
    name: "shared",
    title: "Pass a Uint8Array on 10 MiB of shared memory, read one byte",
    unit: "ms",
    workers: 2,
    columns: ["p50:ms"],
    measure: (pool) => {
      const bytes = new Uint8Array(new SharedArrayBuffer(TEN_MIB)).fill(7);
      return repeat(async () => check((await pool.run("firstByte", bytes)) === 7, "other bytes"));
    },
  },
];
