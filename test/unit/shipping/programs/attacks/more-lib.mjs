/* oxlint-disable -- code as it may be written, not as it should be */
export let rate = 2;
export const setRateQuietly = (n) => {
  rate = n;
};
export const scaled = (n) => n * rate;
export const twin = (n) => n + 1;
const hidden = { n: 1 };
export const grow = () => {
  hidden.n += 1;
  return hidden.n;
};
export const peek = () => hidden.n;
export const table = { a: (n) => n + 1, b: (n) => n + 2 };
export class Shape {
  static sides = 0;
  area() {
    return 1;
  }
}
export const symbol = Symbol("own");
export const frozen = Object.freeze({ deep: { n: 1 } });
export let lazy;
export function ready() {
  return (lazy ??= { at: 1 });
}
export const events = [];
export const emit = (name) => {
  events.push(name);
  return events.length;
};
export let flag = false;
export const toggle = () => {
  flag = !flag;
};
export const getters = {
  count: 0,
  get next() {
    return ++this.count;
  },
};
export const proto = { kind: "proto" };
export const late = { value: undefined };
export const fill = async () => {
  await null;
  late.value = 5;
};
