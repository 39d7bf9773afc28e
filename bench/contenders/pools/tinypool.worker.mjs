/** The one task that needs tinypool itself, in a file of its own so that the others do not load it. */

import { Tinypool } from "tinypool";

export function echoMoved(bytes) {
  return Tinypool.move(bytes);
}
