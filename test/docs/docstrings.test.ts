/** Runs every example in a docstring. */
import { readdirSync } from "node:fs";
import { examplesIn, readText, root, testExamples } from "../support/doc-examples.ts";

const sources = readdirSync(new URL("src/", root), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => `src/${name}`);

testExamples(
  "docstrings",
  sources
    .sort()
    .flatMap((path) => [...examplesIn(readText(path).replaceAll(/^ *\* ?/gm, ""), path)]),
);
