export const VAT = 0.19;
export function gross(net) {
  return Math.round(net * (1 + VAT) * 100) / 100;
}
export let requests = 0;
export function handle(n) {
  requests++;
  return n * 2;
}
export class Vector {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }
  static add(a, b) {
    return new Vector(a.x + b.x, a.y + b.y);
  }
  get length() {
    return Math.hypot(this.x, this.y);
  }
}
export const log = (...args) => console.log("[log]", ...args);
export const config = { retries: 3, verbose: false };
export function setVerbose(v) {
  config.verbose = v;
}
