/** Runs the examples in the README, and those in the guides: each on Node 24, and on Deno or Bun. */
import { isOwnShare } from "../support/shares.ts";
import { documents, testExamples } from "../support/doc-examples.ts";

const SHARING = ["deno", "bun"];

testExamples(
  "the README and the guides",
  documents(),
  (title) => title.startsWith("README") || isOwnShare(title, SHARING),
);
