/** Promises that wait for what only the thread itself could do. */
import { describeWaits } from "../../support/threads/silent-waits.ts";
import { alone } from "./programs/silent-waits.ts";

describeWaits(
  "a promise that nothing can settle is rejected, where the thread is the only one",
  "alone",
  alone,
  "DeadlockError",
);
