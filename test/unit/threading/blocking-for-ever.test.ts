/** Waits that block for threads that wait for ever. */
import { describeWaits } from "../../support/threads/silent-waits.ts";
import { behind, blocking } from "./programs/silent-waits.ts";

describeWaits(
  "a wait that blocks for a thread that waits for ever throws",
  "blocking",
  blocking,
  "DeadlockError",
);

describeWaits(
  "a wait throws that only what never begins, or is never taken, would end",
  "behind",
  behind,
  "DeadlockError",
);
