import { CannotBlockError } from "../../../build/src/errors.js";
import { executorContract } from "../../contract/executor-contract.ts";
import { InlineExecutor } from "../../support/inline-executor.ts";

executorContract("an executor without workers", () => new InlineExecutor(), {
  sharedMemory: true,
  sharedObjects: true,
  transfer: true,
  blocking: CannotBlockError,
  isolated: false,
});
