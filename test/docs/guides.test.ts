/** Runs the examples in the README, and those in the guides: by day each of these on one runtime. */
import { isOwnShare } from "../support/shares.ts";
import { documents, testExamples } from "../support/doc-examples.ts";

const SHARING = ["node24", "deno", "bun"];

testExamples(
  "the README and the guides",
  documents(),
  (title) => title.startsWith("README") || isOwnShare(title, SHARING),
);
