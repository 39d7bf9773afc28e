/**
 * Runs one case: every contender in a process of its own, in rounds.
 *
 * In a round each contender measures once, one after the other, while the others
 * sit idle. A round waits a little for a quiet machine, and begins with the next
 * contender each time, so that nobody always runs behind the same neighbour. A
 * contender that has used up its time takes no part in further rounds, so the slow
 * ones cost a bounded time.
 */

import { ContenderProcess } from "./contender-process.mjs";
import { waitForQuiet } from "./machine.mjs";
import { Result } from "./results.mjs";

/** A contender begins no further round once it has measured for so long. */
const TIME_FOR_ONE_MS = 5000;

/**
 * @param {object} options
 * @param {string} options.suiteName
 * @param {import("../suites/suite.mjs").Suite} options.suite
 * @param {import("../suites/suite.mjs").Case} options.kase
 * @param {readonly (readonly [string, import("./contenders.mjs").Entry])[]} options.contenders
 * @param {{ name: string, program: string, python: string }} options.runtime
 * @param {number} options.rounds
 * @returns {Promise<{ results: Map<string, Result>, skipped: Map<string, string>, busyRounds: number }>}
 */
export async function runCase({ suiteName, suite, kase, contenders, runtime, rounds }) {
  const start = (entry) => new ContenderProcess(entry, runtime, suiteName, kase.name);
  const results = new Map();
  const skipped = new Map();
  const turns = [];
  for (const [name, entry] of contenders) {
    if (!takesPart(entry, suite, suiteName)) continue;
    const turn = suite.isFresh ? new FreshTurn(() => start(entry)) : new OpenTurn(start(entry));
    const problem = await turn.prepare();
    if (problem === undefined) {
      turns.push({ name, turn, usedMs: 0 });
    } else {
      skipped.set(name, problem);
      await turn.end();
    }
  }

  let busyRounds = 0;
  for (let round = 0; round < rounds; round++) {
    if (!(await waitForQuiet())) busyRounds++;
    for (let at = 0; at < turns.length; at++) {
      const member = turns[(at + round) % turns.length];
      if (member.usedMs > TIME_FOR_ONE_MS || skipped.has(member.name)) continue;
      const startMs = performance.now();
      const reply = await member.turn.measure();
      member.usedMs += performance.now() - startMs;
      if (reply.kind !== "measured") {
        skipped.set(member.name, reply.reason);
        results.delete(member.name);
        continue;
      }
      if (!results.has(member.name)) results.set(member.name, new Result());
      results.get(member.name).rounds.set(round, reply.measurement);
    }
  }
  for (const { turn } of turns) await turn.end();
  const inOrder = contenders.flatMap(([name]) =>
    results.has(name) ? [[name, results.get(name)]] : [],
  );
  return { results: new Map(inOrder), skipped, busyRounds };
}

function takesPart({ only }, { isForThoseWhoNameIt }, suiteName) {
  return only === undefined ? !isForThoseWhoNameIt : only.includes(suiteName);
}

/** A contender whose pool is opened once and measured many times. */
class OpenTurn {
  #process;

  constructor(process) {
    this.#process = process;
  }

  /** @returns {Promise<string | undefined>} Why it cannot take part. */
  async prepare() {
    const reply = await this.#process.reply();
    return reply.kind === "ready" ? undefined : reply.reason;
  }

  measure() {
    return this.#process.measure();
  }

  end() {
    return this.#process.end();
  }
}

/** A contender that gets a new process for each measurement. The first, which finds no file in the cache, does not count. */
class FreshTurn {
  #start;

  constructor(start) {
    this.#start = start;
  }

  async prepare() {
    const reply = await this.measure();
    return reply.kind === "measured" ? undefined : reply.reason;
  }

  async measure() {
    const process = this.#start();
    const reply = await process.reply();
    if (reply.kind === "measured") reply.measurement.process = reply.sinceStartMs;
    await process.end();
    return reply;
  }

  async end() {}
}
