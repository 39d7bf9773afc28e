import type { Loop } from "../engine/loop.ts";
import { currentSession } from "../engine/session-of-caller.ts";

/**
 * Has something closed when the `run()` that the calling code belongs to ends: left
 * open, it would keep the program from ending. Returns how to call that off.
 */
export function closeWithRun(loop: Loop, close: () => void): () => void {
  const { closers } = currentSession(loop);
  closers.add(close);
  return () => void closers.delete(close);
}
