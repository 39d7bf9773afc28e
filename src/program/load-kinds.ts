/**
 * How the classes of shared objects are loaded in a thread that is about to receive some.
 *
 * The one place that names folders to the right of its own: by `import()` alone, which bundlers
 * follow, and only for entries.
 */
import { BARRIER, LOCK, LOOP, provideKinds, QUEUE, SIMPLE_QUEUE, THREAD } from "./kinds.ts";

/** Lets this thread load classes as it needs them. */
export function provideKindsByImport(): void {
  provideKinds(async (kinds) => {
    await Promise.all([...new Set(kinds.map(fillerOf))].map(async (fill) => fill()));
  });
}

/** Loads the folder that has the class, and has it fill its kinds. */
function fillerOf(kind: number): () => Promise<void> {
  if ((kind >= LOCK && kind <= BARRIER) || kind === THREAD) return fillThreadingKinds;
  if (kind >= QUEUE && kind <= SIMPLE_QUEUE) return fillQueueKinds;
  return kind === LOOP ? fillLoopKinds : async () => undefined;
}

async function fillThreadingKinds(): Promise<void> {
  // oxlint-disable-next-line no-restricted-imports -- see above
  (await import("../threading/kinds.ts")).fillThreadingKinds();
}

async function fillQueueKinds(): Promise<void> {
  // oxlint-disable-next-line no-restricted-imports -- see above
  (await import("../queue/kinds.ts")).fillQueueKinds();
}

async function fillLoopKinds(): Promise<void> {
  // oxlint-disable-next-line no-restricted-imports -- see above
  (await import("../asyncio/threads/kinds.ts")).fillLoopKinds();
}
