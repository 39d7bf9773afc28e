/** Waits that look as if nothing could end them. */
import { describeWaits } from "../../support/threads/silent-waits.ts";
import { ended } from "./programs/silent-waits.ts";

describeWaits("a wait that something will end goes on", "ended", ended, "went on");
