/** Reads the command line. */

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { parseArgs } from "node:util";

import { isExecutor } from "./executors.ts";
import type { ExecutorName } from "./executors.ts";
import { UsageError } from "./usage-error.ts";

export const HELP = `Counts what is in a folder of source files, with every core of the machine.

Usage: source-census [FOLDER] [--workers N] [--executor NAME] [--out FILE]

  FOLDER            searched for .js, .mjs, .cjs and .ts files; default: node_modules
  --workers N       how many threads or processes share the work; default: one a core
  --executor NAME   threads, processes, or inline for none; default: threads
  --out FILE        where the report goes; default: census-report.html
  --help            prints this`;

export interface Options {
  readonly folder: string;
  readonly workers: number;
  readonly executor: ExecutorName;
  readonly out: string;
}

/**
 * @returns The options, or `"help"` if that is what was asked for.
 * @throws {UsageError} The arguments make no sense.
 */
export function readOptions(args: readonly string[]): Options | "help" {
  const { values, positionals } = parse(args);
  if (values.help) return "help";

  const [folder = "node_modules", ...others] = positionals;
  if (others.length > 0)
    throw new UsageError(`Cannot search ${positionals.length} folders at once: name one`);

  const workers = Number(values.workers ?? availableParallelism());
  if (!Number.isInteger(workers) || workers < 1)
    throw new UsageError(`Cannot use "${values.workers}" workers: --workers takes 1, 2, 3, …`);

  const executor = values.executor ?? "threads";
  if (!isExecutor(executor))
    throw new UsageError(
      `Cannot run in "${executor}": --executor takes inline, threads or processes`,
    );

  const out = values.out ?? "census-report.html";
  const parent = dirname(out);
  if (!existsSync(parent))
    throw new UsageError(`Cannot write the report to "${out}": there is no folder "${parent}"`);

  return { folder, workers, executor, out };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        workers: { type: "string" },
        executor: { type: "string" },
        out: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${HELP}`, { cause: error });
  }
}
