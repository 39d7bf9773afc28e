/** Two producers and two consumers, and a buffer of eight items between them. */
import { isMainThread } from "heddle";
import { Thread } from "heddle/threading";

import { makeBuffer, put } from "./buffer.ts";
import { consume, END, produce } from "./work.ts";

const ITEMS = 10_000;

if (isMainThread) await main();

async function main(): Promise<void> {
  const buffer = makeBuffer(8);
  const half = ITEMS / 2;
  const producers = [
    new Thread({ target: produce, args: [buffer, 0, half] }),
    new Thread({ target: produce, args: [buffer, half, ITEMS] }),
  ];
  const consumers = [1, 2].map(() => new Thread({ target: consume, args: [buffer] }));
  for (const thread of [...producers, ...consumers]) thread.start();

  for (const producer of producers) await producer.join();
  for (const _ of consumers) put(buffer, END);
  const taken = await Promise.all(consumers);

  const items = taken.reduce((all, { count }) => all + count, 0);
  const total = taken.reduce((all, { sum }) => all + sum, 0);
  console.log(`${items} items taken, sum ${total}`);
}
