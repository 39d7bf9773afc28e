/** Where `AbortSignal` and `URL` are declared, by the DOM or by `@types/node`, they are heddle's. */
import { task } from "heddle";
import { fromPromise } from "heddle/asyncio";
import { wait } from "heddle/concurrent/futures";
import { Lock } from "heddle/threading";

declare function download(url: URL, options: { signal: AbortSignal }): Promise<string>;

export async function useSignals(url: URL): Promise<string> {
  const controller = new AbortController();
  await new Lock().acquire({ signal: controller.signal });
  await wait([], { signal: AbortSignal.timeout(50) });
  task(new URL("file:///signals.ts"), () => 1);
  return fromPromise((signal) => download(url, { signal }));
}

// @ts-expect-error: a signal is not just any object
export const refused: unknown = new Lock().acquire({ signal: {} });
