/** The loops of this thread, for as long as anybody has them. */
import type { Loop } from "./loop.ts";

const loops = /* @__PURE__ */ new Set<WeakRef<Loop>>();
let collected: FinalizationRegistry<WeakRef<Loop>> | undefined;

export function noteLoop(loop: Loop): void {
  collected ??= new FinalizationRegistry((reference) => loops.delete(reference));
  const reference = new WeakRef(loop);
  loops.add(reference);
  collected.register(loop, reference);
}

export function allLoops(): Loop[] {
  return [...loops].flatMap((reference) => reference.deref() ?? []);
}
