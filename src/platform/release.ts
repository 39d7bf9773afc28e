/**
 * The oldest releases of the runtimes on which threads work. On older ones a worker ends after
 * its first call, or never answers, and the program would wait for ever.
 */
import { UnsupportedError } from "../errors.ts";

/** By the names that `process.versions` has for them. */
export const OLDEST = { node: "20.19.0", deno: "2.9.0", bun: "1.4.3" };

/**
 * Refuses what needs threads.
 *
 * @throws {UnsupportedError} The runtime is too old.
 */
export function checkRelease(
  runtime: keyof typeof OLDEST,
  release: string = process.versions[runtime] ?? OLDEST[runtime],
): void {
  if (!isOlder(release, OLDEST[runtime])) return;
  const name = runtime.replace(/^./, (letter) => letter.toUpperCase());
  throw new UnsupportedError(
    `Cannot start a worker: this is ${name} ${release}, and heddle needs ${OLDEST[runtime]} or later`,
    { capability: "threads", runtime },
  );
}

function isOlder(release: string, oldest: string): boolean {
  const [mine, least] = [release, oldest].map((text) => text.split(/[.-]/, 3).map(Number));
  const differing = [0, 1, 2].find((part) => mine?.[part] !== least?.[part]);
  return differing !== undefined && (mine?.[differing] ?? 0) < (least?.[differing] ?? 0);
}
