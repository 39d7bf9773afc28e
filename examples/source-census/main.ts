/** Counts what is in a folder of source files: `node main.ts --help` */

import { takeCensus } from "./census.ts";
import { HELP, readOptions } from "./options.ts";
import { toText } from "./print.ts";
import { writeReport } from "./report.ts";
import { summarise } from "./summary.ts";
import { UsageError } from "./usage-error.ts";

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === "help") return console.log(HELP);

  const census = await takeCensus(options.folder, options.workers, options.executor);
  const summary = summarise(census.outcomes);
  console.log(`\n${toText(census, summary)}\n`);

  writeReport(options.out, census, summary);
  console.log(`Report: ${options.out}`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
