/** Checks the links of a site: as generators. */
import { TimeoutError } from "heddle";
import {
  type Coroutine,
  fromPromise,
  rethrowCancelled,
  Semaphore,
  taskGroup,
  timeout,
} from "heddle/asyncio";

import { download, type Limits } from "./page.ts";
import type { Report } from "./report.ts";

/** Follows all links from `start` within its site. What it has found when it is cancelled is in the report. */
export function* checkLinks(start: string, report: Report, limits: Limits): Coroutine<void> {
  const limit = new Semaphore(limits.atOnce);
  const seen = new Set<string>();

  yield* taskGroup((group) => {
    function* visit(url: string, from: string): Coroutine<void> {
      const links = yield* limit.with(() => look(url, from, report, limits));
      for (const link of links) visitOnce(link, url);
    }
    const visitOnce = (url: string, from: string): void => {
      if (seen.has(url)) return;
      seen.add(url);
      group.createTask(visit(url, from));
    };
    visitOnce(start, start);
  });
}

/** Fetches one page; returns the links to follow. */
function* look(
  url: string,
  from: string,
  report: Report,
  { patienceMs }: Limits,
): Coroutine<readonly string[]> {
  report.begin();
  try {
    const page = yield* timeout(patienceMs, () => fromPromise((signal) => download(url, signal)));
    if (page.status < 400) report.fine(url);
    else report.broken(url, from, `status ${page.status}`);
    return new URL(url).origin === new URL(from).origin ? page.links : [];
  } catch (error) {
    rethrowCancelled(error);
    const isLate = error instanceof TimeoutError;
    report.broken(url, from, isLate ? `no answer in ${patienceMs} ms` : "no connection");
    return [];
  } finally {
    report.end();
  }
}
