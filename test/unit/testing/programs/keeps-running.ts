/** Has nothing to do but to wait for a step that never comes. */
import { Sequencer } from "heddle/testing";

try {
  await new Sequencer().step(1, { timeout: 100 });
} catch (error) {
  console.log((error as Error).message);
}
