/** Runs every example in the README and in the guides. */
import { readdirSync } from "node:fs";
import { examplesIn, readText, root, testExamples } from "../support/doc-examples.ts";

const guides = readdirSync(new URL("docs/guides/", root)).map((name) => `docs/guides/${name}`);

testExamples(
  "the README and the guides",
  ["README.md", ...guides.sort()].flatMap((path) => [...examplesIn(readText(path), path)]),
);
