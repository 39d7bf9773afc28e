import { tick } from "./counters.mjs";
/** Its top level changes another module, and nothing that a worker imports has it do so. */
tick();
export const ticked = true;
