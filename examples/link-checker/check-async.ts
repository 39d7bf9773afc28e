/** Checks the links of a site: as async functions. */
import { TimeoutError } from "heddle";
import { fromPromise, rethrowCancelled, Semaphore, taskGroup, timeout } from "heddle/asyncio";

import { download, type Limits } from "./page.ts";
import type { Report } from "./report.ts";

/** Follows all links from `start` within its site. What it has found when it is cancelled is in the report. */
export async function checkLinks(start: string, report: Report, limits: Limits): Promise<void> {
  const limit = new Semaphore(limits.atOnce);
  const seen = new Set<string>();

  await taskGroup((group) => {
    const visitOnce = (url: string, from: string): void => {
      if (seen.has(url)) return;
      seen.add(url);
      group.createTask(async () => {
        const links = await limit.with(() => look(url, from, report, limits));
        for (const link of links) visitOnce(link, url);
      });
    };
    visitOnce(start, start);
  });
}

/** Fetches one page; returns the links to follow. */
async function look(
  url: string,
  from: string,
  report: Report,
  { patienceMs }: Limits,
): Promise<readonly string[]> {
  report.begin();
  try {
    const page = await timeout(patienceMs, () => fromPromise((signal) => download(url, signal)));
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
