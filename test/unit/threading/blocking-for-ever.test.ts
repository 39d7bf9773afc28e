/** Waits that block for threads that wait for ever. */
import { describeWaits } from "../../support/silent-waits.ts";
import { blocking } from "./programs/silent-waits.ts";

describeWaits(
  "a wait that blocks for a thread that waits for ever throws",
  "blocking",
  blocking,
  "DeadlockError",
);
