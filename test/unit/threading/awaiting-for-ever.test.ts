/** Promises that wait for threads that wait for ever. */
import { describeWaits } from "../../support/threads/silent-waits.ts";
import { awaiting } from "./programs/silent-waits.ts";

describeWaits(
  "a promise that waits for a thread that waits for ever is rejected",
  "awaiting",
  awaiting,
  "DeadlockError",
);
