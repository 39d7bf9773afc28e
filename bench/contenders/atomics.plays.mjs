/** What two threads do with bare Atomics, spinning and never sleeping: the floor. */

function lockAndAdd(words, _me, count) {
  for (let n = 0; n < count / 2; n++) {
    while (Atomics.compareExchange(words, 0, 0, 1) !== 0);
    words[1] += 1;
    Atomics.store(words, 0, 0);
  }
}

function pingPong(words, me, count) {
  for (let n = 0; n < count; n++) {
    while (Atomics.load(words, 0) !== me);
    Atomics.store(words, 0, 1 - me);
  }
}

/** A ring of 128 words, from word 64 on: word 0 counts what was put, word 16 what was taken. */
function ring(words, me, count) {
  for (let n = 0; n < count; n++) {
    const at = 64 + (n & 127);
    if (me === 1) {
      while (n - Atomics.load(words, 16) >= 128);
      words[at] = n;
      Atomics.store(words, 0, n + 1);
    } else {
      while (Atomics.load(words, 0) <= n);
      if (words[at] !== n) throw new Error("Wrong result");
      Atomics.store(words, 16, n + 1);
    }
  }
}

export const PLAYS = {
  queue: ring,
  contended: lockAndAdd,
  event: pingPong,
  condition: pingPong,
  permits: pingPong,
};
