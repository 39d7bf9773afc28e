/** Three auditors read while two clerks write: no auditor ever sees a transfer half done. */
import { isMainThread } from "heddle";
import { Thread } from "heddle/threading";

import { audit, transfer } from "./account.ts";
import { makeReadWriteLock } from "./rw-lock.ts";

const TIMES = 2000;

if (isMainThread) await main();

async function main(): Promise<void> {
  const lock = makeReadWriteLock();
  const accounts = new Int32Array(new SharedArrayBuffer(4 * 16));
  const auditors = [1, 2, 3].map(
    () => new Thread({ target: audit, args: [lock, accounts, TIMES] }),
  );
  const clerks = [1, 2].map(() => new Thread({ target: transfer, args: [lock, accounts, TIMES] }));
  for (const thread of [...auditors, ...clerks]) thread.start();
  for (const clerk of clerks) await clerk.join();

  const right = await Promise.all(auditors);
  console.log(`${right.reduce((all, count) => all + count, 0)} of ${3 * TIMES} audits were right`);
}
