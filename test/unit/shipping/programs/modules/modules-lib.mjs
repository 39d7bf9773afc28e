const HIDDEN_LITERAL = 7;
let hidden = 1;
hidden += 1;
export const visible = { a: 1 };
visible.a = 2;
export let counter = 0;
export function increment() {
  counter += 1;
}
function scale(n) {
  return n * HIDDEN_LITERAL;
}
export { scale as aliased };
export default (n) => n + HIDDEN_LITERAL;
export const handlers = { double: (n) => n * 2 * HIDDEN_LITERAL };
export const makeUsesHidden = () => () => hidden;
export const makeUsesVisible = () => () => visible.a + 1;
export const makeUsesLiteral = () => () => HIDDEN_LITERAL + 1;
export class Visible {
  #n;
  constructor(n) {
    this.#n = n;
  }
  twice() {
    return this.#n * 2;
  }
}
export const patchMe = { method: () => "original" };
export class Patched {
  method() {
    return "original";
  }
}
