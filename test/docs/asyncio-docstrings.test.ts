/** Runs every example in a docstring of asyncio. */
import { testDocstrings } from "../support/doc-examples.ts";

testDocstrings("docstrings of asyncio", (path) => path.startsWith("src/asyncio/"));
