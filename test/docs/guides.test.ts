/** Runs the examples in the README, and those in the guides: each on Node 24, and on Deno or Bun. */
import { readdirSync } from "node:fs";
import { isOwnShare } from "../support/shares.ts";
import { examplesIn, readText, root, testExamples } from "../support/doc-examples.ts";

const SHARING = ["deno", "bun"];

const guides = readdirSync(new URL("docs/guides/", root)).map((name) => `docs/guides/${name}`);

testExamples(
  "the README and the guides",
  ["README.md", ...guides.sort()].flatMap((path) => [...examplesIn(readText(path), path)]),
  (title) => title.startsWith("README") || isOwnShare(title, SHARING),
);
