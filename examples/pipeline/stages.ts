/** What the stages of the pipeline do. The last two run in threads of their own. */
import { type Coroutine, sleep } from "heddle/asyncio";
import type { Queue } from "heddle/queue";

/** One page of a book. */
export interface Page {
  readonly number: number;
  readonly text: string;
}

/** How often each word occurs on a page. */
export interface Count {
  readonly page: number;
  readonly words: ReadonlyMap<string, number>;
}

/** What the archivist has written down in the end. */
export interface Summary {
  readonly pages: number;
  readonly words: number;
  readonly most: string;
}

const WORDS = ["warp", "weft", "loom", "shed", "reed", "shuttle", "heddle", "thread"];

/** Fetches a page: a stand-in for a slow server. */
export async function fetchPage(number: number): Promise<Page> {
  await sleep(2 + (number % 5));
  return write(number);
}

/** The same in a generator. */
export function* fetchPageG(number: number): Coroutine<Page> {
  yield* sleep(2 + (number % 5));
  return write(number);
}

function write(number: number): Page {
  const words = Array.from({ length: 2000 }, (_, i) => WORDS[(i * i + number * 7) % WORDS.length]);
  return { number, text: words.join(" ") };
}

/** Counts the words of a page. Work for a processor: a pool's threads do it. */
export function countWords({ number, text }: Page): Count {
  const words = new Map<string, number>();
  for (const word of text.split(" ")) words.set(word, (words.get(word) ?? 0) + 1);
  return { page: number, words };
}

/** Adds up the counts, until there are no more. A thread that blocks for each. */
export function archive(counts: Queue<Count | "end">): Summary {
  const totals = new Map<string, number>();
  let pages = 0;
  for (let count = counts.getSync(); count !== "end"; count = counts.getSync()) {
    pages++;
    for (const [word, times] of count.words) totals.set(word, (totals.get(word) ?? 0) + times);
  }
  const byCount = [...totals].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const words = byCount.reduce((sum, [, times]) => sum + times, 0);
  return { pages, words, most: byCount[0]?.[0] ?? "" };
}
