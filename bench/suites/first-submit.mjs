/**
 * The first call of a function, by what it takes along, in a new process each time. The pool has
 * run a call before: what is left is to find out what the function needs, and to load it there.
 *
 * The functions stand in a module of {@link FUNCTIONS} others, which submits them itself.
 */

import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { check } from "./suite.mjs";

export const title = "First submit";

export const isFresh = true;

const FUNCTIONS = 300;
/** Functions of which a worker's loading is measured. */
const PARTS = 20;

/** A module of some 60 kB. Each of its functions calls up to three others. */
const MODULE = `
import { basename } from "node:path";
import { increment } from ${JSON.stringify(new URL("../tasks.mjs", import.meta.url).href)};

const table = [1];
for (let i = 1; i < 20; i++) table[i] = table[i - 1] * 2;
let count = 0;
function counted(n) {
  count += n;
  return count;
}
class Scale {
  constructor(by) {
    this.by = by;
  }
  apply(n) {
    return n * this.by;
  }
}
${Array.from({ length: FUNCTIONS }, (_, i) => functionText(i)).join("\n")}

export const kinds = {
  "by its text": { fn: (n) => n + 1, results: 2 },
  "an export": { fn: increment, results: 2 },
  "an import": { fn: (n) => basename("a/" + n).length, results: 1 },
  "a function of the file": { fn: f${FUNCTIONS - 1}, results: f${FUNCTIONS - 1}(1) },
  "a filled table": { fn: (n) => table[n], results: 2 },
  "a class": { fn: (n) => new Scale(3).apply(n), results: 3 },
  state: { fn: counted, results: 1 },
};
export const submit = (send, kind) => send(kinds[kind].fn, 1);
export const submitOther = (send) => send((n) => f${FUNCTIONS - 2}(n) + 1, 1);
export const other = f${FUNCTIONS - 2}(1) + 1;
const parts = [${Array.from({ length: PARTS }, (_, i) => `(n) => counted(0) * 0 + n + ${i}`).join(", ")}];
export const submitPart = (send, part) => send(parts[part], 1);
export const submitClosure = (send) => send((n) => table[n] + 1, 1);
const kept = (n) => table[n] + 1 + 0;
export const submitKept = (send) => send(kept, 1);
`;

function functionText(i) {
  const inner = i % 4 === 0 ? "n" : `f${i - 1}(n)`;
  return `function f${i}(n) {
  const options = { name: "f${i}", limit: ${i} };
  const list = [n, options.limit, ${i}].filter((each) => each > options.limit);
  return list.length > ${i} ? f${i}(n - 1) : ${inner} + ${i};
}`;
}

/** Opens a pool of one worker that has run a call, and loads the module. */
async function prepare(contender, measure) {
  const folder = mkdtempSync(join(tmpdir(), "heddle-first-submit-"));
  try {
    const file = join(folder, "program.mjs");
    writeFileSync(file, MODULE);
    // A module that has been written since the program started may not be what it has loaded.
    const before = new Date(Date.now() - 60_000);
    utimesSync(file, before, before);
    const program = await import(pathToFileURL(file).href);
    const pool = await contender.open(await contender.load(), 1);
    await pool.run("noop", 1);
    return await measure(program, (fn, argument) => pool.submitFunction(fn, argument));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds until the result, and of them those in which the caller cannot do anything else. */
async function timed(submit, expected) {
  const start = performance.now();
  const future = submit();
  const submitted = performance.now() - start;
  const result = await future;
  const value = performance.now() - start;
  check(result === expected, `${result} instead of ${expected}`);
  return { value, submit: submitted };
}

/** How often a closure is made anew, for engines that compile what runs often, and then once more. */
const WARM_CALLS = 1000;

/** What it takes to capture the stack of a call, which tells closures of one text apart. */
function captureTime() {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const start = performance.now();
  Error.stackTraceLimit = 64;
  Error.prepareStackTrace = (_error, sites) => sites;
  const { stack } = new Error("here");
  const time = performance.now() - start;
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  check(stack.length > 0, "there is no stack");
  return time;
}

/** The calls between a program's line and the place where heddle captures the stack. */
const OWN_CALLS = 10;

function below(calls, call) {
  return calls === 0 ? call() : below(calls - 1, call);
}

/** Of each number by itself. */
function median(times) {
  const of = (name) => times.map((each) => each[name]).sort((a, b) => a - b)[times.length >> 1];
  return { value: of("value"), submit: of("submit") };
}

/**
 * From the end of the submission to the result, less what a call takes of which the function is
 * there: the worker evaluates the text of the function and of what it uses.
 */
async function loadTime(submitPart, send, part) {
  const first = await timed(() => submitPart(send, part), part + 1);
  const again = await timed(() => submitPart(send, part), part + 1);
  return Math.max(0, first.value - first.submit - (again.value - again.submit));
}

const needs = (levels) => (contender) =>
  levels.includes(contender.submits) ? undefined : "does not take such a function";

const COMMON = { unit: "ms", workers: 1, columns: ["submit:ms"] };
const WITH_ITS_MODULE = ["with its module"];

const firstOf = (kind, levels) => ({
  ...COMMON,
  name: kind,
  title: `The first function: ${kind}`,
  skips: needs(levels),
  measureFresh: (contender) =>
    prepare(contender, (program, send) =>
      timed(() => program.submit(send, kind), program.kinds[kind].results),
    ),
});

export const cases = [
  firstOf("by its text", ["by its text", ...WITH_ITS_MODULE]),
  ...["an export", "an import", "a function of the file", "a filled table", "a class", "state"].map(
    (kind) => firstOf(kind, WITH_ITS_MODULE),
  ),
  {
    ...COMMON,
    name: "second",
    title: `A second function of the same module of ${FUNCTIONS}`,
    skips: needs(WITH_ITS_MODULE),
    measureFresh: (contender) =>
      prepare(contender, async (program, send) => {
        await program.submit(send, "a function of the file");
        return timed(() => program.submitOther(send), program.other);
      }),
  },
  {
    ...COMMON,
    name: "again",
    title:
      "A closure made anew from a text that has been submitted; one function again; a stack's capture",
    columns: ["submit:ms", "kept:ms", "capture:ms"],
    skips: needs(WITH_ITS_MODULE),
    measureFresh: (contender) =>
      prepare(contender, async (program, send) => {
        const repeat = async (call) => {
          const times = [];
          for (let i = 0; i < 2 * WARM_CALLS; i++) times.push(await call());
          return times.slice(WARM_CALLS);
        };
        const times = await repeat(() => timed(() => program.submitClosure(send), 3));
        const kept = await repeat(() => timed(() => program.submitKept(send), 3));
        // After a call, as heddle captures it: a loop of captures alone has all in its caches.
        const captures = await repeat(async () => {
          await program.submitKept(send);
          return program.submitClosure(() => below(OWN_CALLS, captureTime));
        });
        captures.sort((a, b) => a - b);
        const capture = captures[captures.length >> 1];
        return { ...median(times), kept: median(kept).submit, capture };
      }),
  },
  {
    ...COMMON,
    name: "load",
    title: "What a worker takes to load a function of the file, after another",
    columns: ["first:ms"],
    skips: needs(WITH_ITS_MODULE),
    measureFresh: (contender) =>
      prepare(contender, async (program, send) => {
        const first = await loadTime(program.submitPart, send, 0);
        const others = [];
        for (let i = 1; i < PARTS; i++) others.push(await loadTime(program.submitPart, send, i));
        others.sort((a, b) => a - b);
        return { value: others[others.length >> 1], first };
      }),
  },
];
