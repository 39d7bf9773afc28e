/** What the figures were measured on, and how busy it was. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** A machine busier than this with other work gives figures of little worth. */
const BUSY_PERCENT = 20;

/** How long a round waits for other work to end. */
const PATIENCE_MS = 5000;

/** The share of all cores that is at work, in per cent, while we do nothing. */
async function busyPercent(overMs) {
  const before = cpuTimes();
  await new Promise((resolve) => setTimeout(resolve, overMs));
  const after = cpuTimes();
  return (1 - (after.idle - before.idle) / (after.all - before.all)) * 100;
}

function cpuTimes() {
  const sum = { idle: 0, all: 0 };
  for (const { times } of cpus()) {
    sum.idle += times.idle;
    sum.all += Object.values(times).reduce((total, time) => total + time, 0);
  }
  return sum;
}

/** Waits for other work to end, not for ever; says whether it did. */
export async function waitForQuiet() {
  const end = performance.now() + PATIENCE_MS;
  do {
    if ((await busyPercent(100)) < BUSY_PERCENT) return true;
  } while (performance.now() < end);
  return false;
}

/** The version of a program; undefined where there is no such program. */
export function programVersion(program, flag = "--version") {
  const { status, stdout } = spawnSync(program, [flag], { encoding: "utf8" });
  return status === 0 ? stdout.split("\n")[0].trim() : undefined;
}

/** How busy the machine is, as a sentence. */
export async function describeLoad() {
  const busy = await busyPercent(500);
  const load = loadavg()[0].toFixed(2);
  const warning =
    busy > BUSY_PERCENT ? ". **The machine is busy with other work: read nothing into this**" : "";
  return `${busy.toFixed(0)} % busy with other work, load ${load}${warning}`;
}

/** The head of the output, as a Markdown list. */
export async function describeMachine({ name, program, python }) {
  return [
    `- ${new Date().toISOString().slice(0, 10)}, ${name} (${programVersion(program) ?? "missing"}), ${programVersion(python) ?? "no Python"}`,
    `- ${cpuModel()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}`,
    `- before: ${await describeLoad()}`,
  ].join("\n");
}

function cpuModel() {
  const model = cpus()[0]?.model.trim();
  if (model && model !== "unknown") return model;
  try {
    return /model name\s*: (.*)/.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? "unknown CPU";
  } catch {
    return "unknown CPU";
  }
}
