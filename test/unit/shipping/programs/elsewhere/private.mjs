/* oxlint-disable -- code as it may be written, not as it should be */
/** State that the module keeps for itself: other modules see it in what its functions give. */
let current = 1;
export function raise() {
  current += 1;
}
export const given = () => current;
export const doubled = () => twice(given());
const twice = (n) => n * 2;
let table;
export async function connect() {
  await null;
  table = new Map([["a", 1]]);
}
export function query(key) {
  return table?.get(key);
}
let lines = 0;
export function report(message) {
  lines += 1;
  if (lines > 1000) throw new Error(message);
}
const cache = new Map();
export function cached(n) {
  if (cache.has(n)) return cache.get(n);
  const value = n * n;
  cache.set(n, value);
  return value;
}
export function warm() {
  for (let i = 0; i < 9; i++) cached(i);
}
export const other = (n) => n + 1;
let setting = 1;
export function choose(n) {
  setting = n;
}
export const chosen = () => setting;
const kept = [];
export function keep(item) {
  kept.push(item);
}
export class Keeper {
  get items() {
    return kept.length;
  }
}
let inCondition = 0;
export const step = () => void inCondition++;
export const steps = () => inCondition;
let byCallback = 0;
export const poke = () => void byCallback++;
export const pokes = () => byCallback;

let lifted = 0;
const lifts = {};
lifts.byOne = () => {
  lifted += 1;
};
export function lift() {
  lifts.byOne();
}
export function liftedSoFar() {
  return lifted;
}
