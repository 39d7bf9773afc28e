import { runningLoop, sessionOfCaller } from "../engine/caller.ts";

/**
 * Has something closed when the `run()` that the calling code belongs to ends: left
 * open, it would keep the program from ending. Returns how to call that off.
 */
export function closeWithRun(close: () => void): () => void {
  const { closers } = sessionOfCaller(runningLoop());
  closers.add(close);
  return () => void closers.delete(close);
}
