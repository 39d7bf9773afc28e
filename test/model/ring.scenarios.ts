/** Two or three agents on a ring of two slots. */
import { NOTHING, Ring } from "../../dist/memory/ring.js";
import { scenario } from "../support/explorer/scenario.ts";
import { assertLinearizable, recorded } from "./linearizable.ts";

const CAPACITY = 2;
const VALUES = 4;
const memory = { ring: Ring.words(CAPACITY) };

export const twoProducersOneConsumer = scenario({
  memory,
  agents: [
    ({ ring }, context) => {
      const queue = recorded(new Ring(ring, CAPACITY, VALUES), context);
      queue.push(0);
      queue.push(1);
    },
    ({ ring }, context) => {
      recorded(new Ring(ring, CAPACITY, VALUES), context).push(2);
    },
    ({ ring }, context) => {
      const queue = recorded(new Ring(ring, CAPACITY, VALUES), context);
      queue.take();
      queue.take();
    },
  ],
  check: ({}, { notes }) => assertLinearizable(notes, CAPACITY),
});
void NOTHING;
