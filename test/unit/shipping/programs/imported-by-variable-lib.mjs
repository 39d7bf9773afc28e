/* oxlint-disable -- code as it may be written, not as it should be */
/** A module that no other imports by a name that can be read. Bun forgets the frames of its functions, which end in a call. */
const FACTOR = 3,
  KEY = "doubled";
const handlers = {
  [KEY]: (x) => x * 2,
};
class URL {
  constructor(text) {
    this.href = `own ${text}`;
  }
}
export const usesWhatHidesAGlobal = (pool) => pool.submit((text) => new URL(text).href, "a:b");
export const usesLater = (pool) => pool.submit((x) => x * LATER, 2);
export const usesConstants = (pool) => pool.submit((x) => handlers[KEY](x) * FACTOR, 2);
export const usesBoth = (pool) => pool.submit((x) => handlers[KEY](x) + FACTOR + LATER, 2);
const LATER = 5;
