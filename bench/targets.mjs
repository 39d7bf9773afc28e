/**
 * How fast heddle is meant to be. Mostly ratios to others, taken in one interleaved run.
 *
 * @typedef {object} Target
 * @property {string} id
 * @property {string} what
 * @property {string} case Suite and case, "burst/noop".
 * @property {"ratio" | "inverse" | "value" | "derived" | "derived ratio"} kind
 *   `ratio`: how many times slower than heddle the other is; `inverse`: how many times
 *   slower than the other heddle is; `value`: heddle's own; `derived` and `derived ratio`:
 *   heddle's number in the table made of the suite's cases, less or divided by the other's.
 * @property {readonly string[]} [others] Compared to the best of them.
 * @property {string} [column] Of the measurement. Default: its value.
 * @property {string} [contender] Default: heddle.
 * @property {number} [atLeast]
 * @property {number} [atMost]
 * @property {boolean} [isEverywhere] Asked of other runtimes too, at three quarters (P15).
 */

const OTHER_PEERS = ["tinypool", "workerpool", "poolifier", "multithreading"];

/** @type {readonly Target[]} */
export const TARGETS = [
  {
    id: "P1",
    what: "burst, × faster than piscina",
    case: "burst/noop",
    kind: "ratio",
    others: ["piscina"],
    atLeast: 25,
    isEverywhere: true,
  },
  {
    id: "P1",
    what: "burst, × faster than the fastest other peer",
    case: "burst/noop",
    kind: "ratio",
    others: OTHER_PEERS,
    atLeast: 6,
    isEverywhere: true,
  },
  {
    id: "P1",
    what: "burst, × faster than raw postMessage",
    case: "burst/noop",
    kind: "ratio",
    others: ["raw"],
    atLeast: 3,
    isEverywhere: true,
  },
  {
    id: "P2",
    what: "map without chunk size, × faster than raw postMessage",
    case: "map/items",
    kind: "ratio",
    others: ["raw"],
    atLeast: 6,
  },
  {
    id: "P2",
    what: "map without chunk size, × faster than piscina",
    case: "map/items",
    kind: "ratio",
    others: ["piscina"],
    atLeast: 60,
  },
  {
    id: "P3",
    what: "map in chunks of 1000, time ÷ raw postMessage",
    case: "map/chunks",
    kind: "inverse",
    others: ["raw"],
    atMost: 1.1,
  },
  {
    id: "P3",
    what: "map in chunks of 1000, × faster than CPython's Pool.map",
    case: "map/chunks",
    kind: "ratio",
    others: ["cpython-processes"],
    atLeast: 1,
  },
  {
    id: "P4",
    what: "one task awaited, × faster than piscina",
    case: "latency/await",
    kind: "ratio",
    others: ["piscina"],
    atLeast: 3,
    isEverywhere: true,
  },
  {
    id: "P4",
    what: "one task awaited, × faster than raw postMessage",
    case: "latency/await",
    kind: "ratio",
    others: ["raw"],
    atLeast: 3,
    isEverywhere: true,
  },
  {
    id: "P4",
    what: "one task awaited, × faster than CPython's threads",
    case: "latency/await",
    kind: "ratio",
    others: ["cpython-threads"],
    atLeast: 1.2,
    isEverywhere: true,
  },
  {
    id: "P5",
    what: "one task, blocking, × faster than CPython's threads",
    case: "latency/block",
    kind: "ratio",
    others: ["cpython-threads"],
    atLeast: 6,
    isEverywhere: true,
  },
  { id: "P6", what: "idle pool, % CPU", case: "waiting/idle", kind: "value", atMost: 0.5 },
  {
    id: "P6",
    what: "20 ms task in flight, % CPU",
    case: "waiting/sleep",
    kind: "value",
    column: "cpu",
    atMost: 4,
  },
  { id: "P6", what: "20 ms task, ms late", case: "waiting/sleep", kind: "value", atMost: 0.7 },
  {
    id: "P7",
    what: "CPU-bound on 1 worker, time ÷ raw postMessage",
    case: "scaling/on 1",
    kind: "inverse",
    others: ["raw"],
    atMost: 1.1,
  },
  {
    id: "P7",
    what: "speed-up from 1 worker to 2, ÷ raw postMessage",
    case: "scaling",
    kind: "derived ratio",
    others: ["raw"],
    atLeast: 0.9,
  },
  {
    id: "P8",
    what: "1 KiB string, × faster than piscina",
    case: "payload/string",
    kind: "ratio",
    others: ["piscina"],
    atLeast: 2.5,
  },
  {
    id: "P8",
    what: "100 KiB graph, time ÷ raw postMessage",
    case: "payload/graph",
    kind: "inverse",
    others: ["raw"],
    atMost: 1.1,
  },
  {
    id: "P8",
    what: "10 MiB copied, time ÷ raw postMessage",
    case: "payload/copied",
    kind: "inverse",
    others: ["raw"],
    atMost: 1.15,
  },
  {
    id: "P8",
    what: "10 MiB moved, time ÷ raw postMessage",
    case: "payload/moved",
    kind: "inverse",
    others: ["raw"],
    atMost: 1.3,
  },
  { id: "P8", what: "10 MiB shared, ms", case: "payload/shared", kind: "value", atMost: 0.1 },
  {
    id: "P9",
    what: "start-up to first result, time ÷ bare workers",
    case: "startup/first result",
    kind: "inverse",
    others: ["bare"],
    atMost: 1.25,
  },
  {
    id: "P9",
    what: "memory of a further worker, MiB more than a bare one",
    case: "memory",
    kind: "derived",
    others: ["bare"],
    atMost: 1.5,
  },
  {
    id: "P9",
    what: "import, ms",
    case: "startup/first result",
    kind: "value",
    column: "import",
    atMost: 15,
  },
  {
    id: "P10",
    what: "free Lock, ms",
    case: "sync/lock",
    kind: "value",
    atMost: 8e-5,
  },
  {
    id: "P10",
    what: "free Lock, × faster than CPython",
    case: "sync/lock",
    kind: "ratio",
    others: ["cpython-threads"],
    atLeast: 3,
  },
  {
    id: "P10",
    what: "free Lock, × faster than multithreading",
    case: "sync/lock",
    kind: "ratio",
    others: ["multithreading"],
    atLeast: 30,
  },
  {
    id: "P10",
    what: "contended Lock, × faster than CPython",
    case: "sync/contended",
    kind: "ratio",
    others: ["cpython-threads"],
    atLeast: 2,
  },
  {
    id: "P11",
    what: "Event ping-pong, × faster than CPython",
    case: "sync/event",
    kind: "ratio",
    others: ["cpython-threads"],
    atLeast: 50,
  },
  {
    id: "P11",
    what: "Condition by turns, × faster than CPython",
    case: "sync/condition",
    kind: "ratio",
    others: ["cpython-threads"],
    atLeast: 20,
  },
  {
    id: "P12",
    what: "Queue between two threads, × faster than CPython",
    case: "queue/queue",
    kind: "ratio",
    others: ["cpython-threads"],
    atLeast: 8,
  },
  {
    id: "P12",
    what: "Queue between two threads, × faster than multithreading",
    case: "queue/queue",
    kind: "ratio",
    others: ["multithreading"],
    atLeast: 20,
  },
  {
    id: "P14",
    what: "burst without shared memory, × faster than raw postMessage",
    case: "burst/noop",
    kind: "ratio",
    contender: "heddle-messages",
    others: ["raw"],
    atLeast: 2.5,
  },
];
