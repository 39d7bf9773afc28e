/** Waits that block for threads that wait for ever. */
import process from "node:process";
import { describeWaits } from "../../support/threads/silent-waits.ts";
import { behind, blocking, leftTaken } from "./programs/silent-waits.ts";

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

// Elsewhere it cannot be known that the event loop of an idle worker has nothing to do.
if (process.versions["deno"] === undefined && process.versions["bun"] === undefined) {
  describeWaits(
    "a wait that blocks for what a thread left taken throws, where its worker has nothing to do",
    "leftTaken",
    leftTaken,
    "DeadlockError",
  );
}
