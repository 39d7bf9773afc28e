/** piscina with the queue that it has by default. */

import * as piscina from "./piscina.mjs";

export const load = piscina.load;

export const open = (library, workers) => piscina.open(library, workers, {});
