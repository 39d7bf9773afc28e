/** What a thread asks another one's loop for. */
import { basename } from "node:path";
import { type LoopHandle, runCoroutineThreadsafe } from "heddle/asyncio";

export type Outcomes = Readonly<Record<string, unknown>>;

async function outcomeOf(call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    return String(error);
  }
}

/** Run by a thread: has the loop of another one run coroutines. */
export async function ask(loop: LoopHandle): Promise<Outcomes> {
  const failing = async (): Promise<never> => {
    throw Object.assign(new RangeError("no"), {
      byText: (n: number) => n + 1,
      byModule: (path: string) => basename(path),
      cause: new Error("why", {
        cause: Object.assign(new Error("deep"), { fn: basename.bind(1) }),
      }),
    });
  };
  const error = await runCoroutineThreadsafe(failing, [], loop).exception();
  const { name, cause, byText, byModule } = error as Error & Record<string, unknown>;
  const waiting = (await import("./awaiting-class.ts")).make();
  return {
    text: await outcomeOf(() =>
      runCoroutineThreadsafe(
        async (fn: (n: number) => number) => fn(2),
        [(n: number) => n + 1],
        loop,
      ),
    ),
    argument: await outcomeOf(() =>
      runCoroutineThreadsafe(
        async (fn: (path: string) => string) => fn("a"),
        [(path: string) => basename(path)],
        loop,
      ),
    ),
    result: await outcomeOf(() =>
      runCoroutineThreadsafe(async () => (path: string) => basename(path), [], loop),
    ),
    error: [name, typeof byText, byModule, (cause as Error).message],
    instance: await outcomeOf(() =>
      runCoroutineThreadsafe(async (late: { twice(): number }) => late.twice(), [waiting], loop),
    ),
    after: await outcomeOf(() => runCoroutineThreadsafe(async (n: number) => n, [5], loop)),
  };
}
