/* oxlint-disable -- code as it may be written, not as it should be */
/** State that the module exports, and functions whose names do not say that they change it. */
export let count = 0;
export function raise() {
  count += 1;
}
export let unchanged = 5;
export const leave = (n) => {
  if (n > 100) unchanged = n;
};
export let text = "a";
export let [first, second] = [1, 2];
export const swap = () => {
  [first, second] = [second, first];
};
export const grow = () => {
  text += "b";
};
let inner = 1n;
export { inner as outer };
export const double = () => void (inner *= 2n);
export let computed = Math.abs(-3);
export const compute = () => (computed = Math.abs(computed) + 1);
export const state = { n: 1, deep: { m: 1 }, still: 7 };
export const advance = () => {
  state.n++;
  state.deep.m += 1;
};
export const registry = new Map();
export const enter = (key, value) => registry.set(key, value);
export const list = [];
export const note = (item) => list.push(item);
export const cache = new Map();
export function cached(n) {
  if (!cache.has(n)) cache.set(n, n * n);
  return cache.get(n);
}
let initial = 3;
export default initial;
export const change = () => void (initial = 4);
export let ready = false;
function begin() {
  ready = true;
}
begin();
export const end = () => void (ready = false);
export let words;
export const load = (given) => {
  words = new Set(given);
};
export let now = 0;
export const tick = () => void now++;
export let size = 1;
export const resize = (n) => void (size = n);
export const late = { at: Date.now(), pid: process.pid };
export class Machine {
  static made = 0;
  static make() {
    Machine.made += 1;
    return new Machine();
  }
}
