/** The one task that needs heddle itself, in a file of its own so that the others do not load it. */

import { move } from "../../dist/index.js";

export { move };

export function echoMoved(bytes) {
  return move(bytes);
}
