/** Programs that are refused, and those in which the advice was followed, as files. */
import { mkdirSync, writeFileSync } from "node:fs";

import type { Refusal } from "./refusals.ts";

/** Writes the programs of refusals, those of each into a folder of its own. */
export function writePrograms(folder: URL, refusals: readonly Refusal[]): void {
  refusals.forEach(({ refused, fixed, files, extension = "mjs" }, i) => {
    const file = (name: string): URL => new URL(`${i}/${name}`, folder);
    mkdirSync(file("."), { recursive: true });
    const texts = { [`refused.${extension}`]: refused, ...files };
    for (const [n, text] of fixed.entries()) texts[`fixed-${n}.${extension}`] = text;
    for (const [name, text] of Object.entries(texts)) writeFileSync(file(name), dedented(text));
  });
}

/** Without the line break at the front, and without what all lines are indented by. */
function dedented(text: string): string {
  const lines = text.replace(/^\n/, "").split("\n");
  const indent = /^ */.exec(lines[0] as string)?.[0].length ?? 0;
  return lines.map((line) => line.slice(indent)).join("\n");
}
