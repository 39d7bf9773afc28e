/** The one task that needs piscina itself, in a file of its own so that the others do not load it. */

import { move } from "piscina";

export function echoMoved(bytes) {
  return move(bytes);
}
