/** What the other processes of heddle-channels.mjs do. */

export async function echo(pipe) {
  for (;;) await pipe.send(await pipe.recv());
}

export function echoSync(pipe) {
  for (;;) pipe.sendSync(pipe.recvSync());
}

export async function echoBytes(pipe) {
  for (;;) await pipe.sendBytes(await pipe.recvBytes());
}

/** Counts messages, and says how many there were when it is asked. */
export async function count(pipe) {
  for (let n = 0; ; n++) {
    if ((await pipe.recv()) !== "how many?") continue;
    await pipe.send(n);
    n = -1;
  }
}

export function countSync(pipe) {
  for (let n = 0; ; n++) {
    if (pipe.recvSync() !== "how many?") continue;
    pipe.sendSync(n);
    n = -1;
  }
}

export async function countItems(items, counts) {
  for (let n = 0; ; n++) {
    if ((await items.get()) !== "how many?") continue;
    await counts.put(n);
    n = -1;
  }
}

export function countItemsSync(items, counts) {
  for (let n = 0; ; n++) {
    if (items.getSync() !== "how many?") continue;
    counts.putSync(n);
    n = -1;
  }
}
