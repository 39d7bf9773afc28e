/** What a file of tests has left behind: processes, and temporary files, among them sockets and pipes. */

import { readdirSync, readFileSync, rmSync } from "node:fs";

/**
 * How long what the file has started may take to end, in milliseconds: a process whose parent has been killed
 * ends within a second.
 */
const GRACE_MS = 2000;
const PAUSE_MS = 20;

/** Names of temporary files that runtimes and tools of tests make, and keep. */
const NOT_OURS = [/^node-compile-cache$/];

/**
 * The processes that belong to a file of tests and have not ended some time after it has. Empty where
 * the system does not say which processes there are.
 *
 * @param {number} leader The process of the file, which leads a session.
 * @param {string} mark Text in the environment of what the file starts, for those that lead a session of their own.
 * @returns {Promise<{ pid: number, text: string }[]>} With the command line of each.
 */
export async function processesLeft(leader, mark) {
  if (process.platform !== "linux") return [];
  const endMs = performance.now() + GRACE_MS;
  for (;;) {
    const left = members(leader, mark);
    if (left.length === 0 || performance.now() >= endMs) return left;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/**
 * @param {number} leader
 * @param {string} mark
 */
function members(leader, mark) {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === leader) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "latin1");
      const [state, , , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const isMember =
        Number(session) === leader ||
        readFileSync(`/proc/${name}/environ`, "latin1").includes(mark);
      // One that its new parent has not collected yet has ended.
      if (state === "Z" || !isMember) return [];
      const command = readFileSync(`/proc/${name}/cmdline`, "latin1").split("\0").join(" ");
      return [{ pid: Number(name), text: `${name} (${command.trim().slice(0, 300)})` }];
    } catch {
      return []; // it has ended, or belongs to another user
    }
  });
}

/**
 * The files in the folder for temporary files of a file of tests, which is removed.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function filesLeft(folder) {
  const names = readdirSync(folder).filter((name) => !NOT_OURS.some((other) => other.test(name)));
  rmSync(folder, { recursive: true, force: true });
  return names;
}
