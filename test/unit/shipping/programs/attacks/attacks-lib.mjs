/** What `attacks.mjs` imports: by name, as a namespace, by way of others. */
export const live = 1;
export const scaled = (n) => n * live;
export default class Base {
  static made = 0;
  constructor() {
    Base.made += 1;
  }
  kind() {
    return "base";
  }
}
export const tags = { upper: (parts, ...values) => parts.raw.join("|") + values.join() };
export const KEY = Symbol.for("heddle attacks");
