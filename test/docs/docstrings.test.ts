/** Runs every example in a docstring, but for those of asyncio, which are as many again. */
import { testDocstrings } from "../support/doc-examples.ts";

testDocstrings("docstrings", (path) => !path.startsWith("src/asyncio/"));
