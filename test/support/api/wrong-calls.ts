/**
 * Runs the programs that call public names with wrong values: several at a time, and again from
 * the next call on where one has ended or blocked its program.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import { commandFor } from "../program.ts";
import { shareOf } from "../shares.ts";

const PROGRAM = new URL("../../contract/programs/wrong-arguments.ts", import.meta.url);

/** Programs at once. */
const LANES = 2;

/** Runtimes that share the calls, since they differ little: each makes a part of them. */
const share = shareOf(["node24", "deno", "bun"]);
const ALL_LANES = LANES * share.count;
const OWN_LANES = Array.from({ length: LANES }, (_, lane) => share.index * LANES + lane);

/** A program that has begun no other call for so long is blocked by its call. */
const BLOCKED_MS = 20_000;

interface Problem {
  readonly place: string;
  readonly value: string;
  readonly problem: string;
}

interface Progress {
  /** The call that was begun last, as number and name; undefined before the first. */
  readonly last: readonly [number: number, name: string] | undefined;
  readonly problems: readonly Problem[];
  /** How many calls were made, if the program has come to its end. */
  readonly count: number | undefined;
  readonly output: string;
}

/** Makes the calls of one lane from that number on, until one ends or blocks the program. */
async function makeCalls(places: RegExp, lane: number, first: number): Promise<Progress> {
  const { args, env } = commandFor(PROGRAM);
  const given = [first, lane, ALL_LANES, places.source].map(String);
  const program = spawn(process.execPath, [...args, ...given], { env });
  let last: Progress["last"];
  let count: number | undefined;
  let output = "";
  const problems: Problem[] = [];
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const watch = (): void => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => program.kill("SIGKILL"), BLOCKED_MS);
  };
  watch();
  program.stderr.setEncoding("utf8").on("data", (text: string) => {
    output = (output + text).slice(-2000);
  });
  const lines = createInterface({ input: program.stdout });
  lines.on("line", (line) => {
    watch();
    const [, number, name = ""] = /^(\d+) (.*)$/.exec(line) ?? [];
    if (number !== undefined) last = [Number(number), name];
    else if (line.startsWith("{")) problems.push(JSON.parse(line) as Problem);
    else if (line.startsWith("end ")) count = Number(line.slice("end ".length));
  });
  const [[status, signal]] = await Promise.all([
    once(program, "close") as Promise<[number | null, string | null]>,
    once(lines, "close"),
  ]);
  clearTimeout(watchdog);
  return { last, problems, count, output: `${status ?? signal} ${output}` };
}

/** What is wrong with the calls of one lane, in words; and how many calls there were. */
async function problemsOf(
  places: RegExp,
  lane: number,
): Promise<{ readonly found: string[]; readonly count: number }> {
  const found: string[] = [];
  let total = 0;
  for (let first = 0; ;) {
    const { last, problems, count, output } = await makeCalls(places, lane, first);
    for (const { place, value, problem } of problems)
      found.push(`${place} <- ${value}: ${problem}`);
    if (count !== undefined) return { found, count: total + count };
    if (last === undefined) throw new Error(`The program could not begin:\n${output}`);
    const [number, name] = last;
    total += number - first;
    found.push(`${name}: ends or blocks the program: ${output.slice(0, 300)}`);
    // Where everything fails, the first of it tells.
    if (found.length > 50) return { found, count: total };
    first = number + 1;
  }
}

/**
 * Makes the calls at these places.
 *
 * @returns How many there are, by how many of them this runtime has made.
 */
export async function callWithWrongValues(places: RegExp): Promise<number> {
  const lanes = await Promise.all(OWN_LANES.map((lane) => problemsOf(places, lane)));
  assert.deepEqual(
    lanes.flatMap(({ found }) => found),
    [],
  );
  const made = lanes.reduce((sum, lane) => sum + lane.count, 0);
  return (made * ALL_LANES) / LANES;
}
