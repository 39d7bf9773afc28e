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

export const PLAYS = {
  contended: lockAndAdd,
  event: pingPong,
  condition: pingPong,
  permits: pingPong,
};
