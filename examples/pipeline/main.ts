/**
 * A pipeline through everything: tasks fetch pages, a pool of threads counts their
 * words, a thread that blocks for a queue adds them up.
 *
 *   node main.ts                 in async functions
 *   node main.ts --generators    in generators
 *
 * Nobody outruns anybody: both queues have few places. If a stage fails, the others
 * are cancelled, and nothing is left running.
 */
import process from "node:process";
import { isMainThread } from "heddle";
import { type Coroutine, each, Queue as TaskQueue, run, taskGroup } from "heddle/asyncio";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Queue } from "heddle/queue";
import { Thread } from "heddle/threading";

import {
  archive,
  type Count,
  countWords,
  fetchPage,
  fetchPageG,
  type Page,
  type Summary,
} from "./stages.ts";

const PAGES = 60;
const FETCHERS = 8;
const COUNTERS = 4;

if (isMainThread) void main(process.argv.includes("--generators"));

async function main(inGenerators: boolean): Promise<void> {
  const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
  const summary = await (inGenerators ? run(pipelineG(pool)) : run(() => pipeline(pool)));
  console.log(`${summary.pages} pages, ${summary.words} words, most often "${summary.most}"`);
  await pool.shutdown();
}

/** In async functions. */
async function pipeline(pool: ThreadPoolExecutor): Promise<Summary> {
  const pages = new TaskQueue<Page>(FETCHERS);
  const counts = new Queue<Count | "end">(16); // shared with the archive's thread
  const archivist = new Thread({ target: archive, args: [counts] });
  archivist.start();
  let next = 0;

  async function fetcher(): Promise<void> {
    for (let page = next++; page < PAGES; page = next++) await pages.put(await fetchPage(page));
  }
  async function counter(): Promise<void> {
    for await (const page of pages) await counts.put(await pool.submit(countWords, page));
  }

  try {
    await taskGroup(async (counters) => {
      for (let i = 0; i < COUNTERS; i++) counters.createTask(counter);
      await taskGroup((fetchers) => {
        for (let i = 0; i < FETCHERS; i++) fetchers.createTask(fetcher);
      });
      pages.shutdown(); // the counters finish what is there
    });
  } finally {
    await counts.put("end");
  }
  return await archivist;
}

/** The same in generators. */
function* pipelineG(pool: ThreadPoolExecutor): Coroutine<Summary> {
  const pages = new TaskQueue<Page>(FETCHERS);
  const counts = new Queue<Count | "end">(16);
  const archivist = new Thread({ target: archive, args: [counts] });
  archivist.start();
  let next = 0;

  function* fetcher(): Coroutine<void> {
    for (let page = next++; page < PAGES; page = next++) {
      yield* pages.put(yield* fetchPageG(page));
    }
  }
  function* counter(): Coroutine<void> {
    yield* each(pages, function* (page): Coroutine<void> {
      yield* counts.put(yield* pool.submit(countWords, page));
    });
  }

  try {
    yield* taskGroup(function* (counters): Coroutine<void> {
      for (let i = 0; i < COUNTERS; i++) counters.createTask(counter());
      yield* taskGroup((fetchers) => {
        for (let i = 0; i < FETCHERS; i++) fetchers.createTask(fetcher());
      });
      pages.shutdown();
    });
  } finally {
    yield* counts.put("end");
  }
  return yield* archivist;
}
