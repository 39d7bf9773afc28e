/** What the functions of made.mjs import. */
export const base = 5;
export const scale = (n) => n * 10;
export const hold = (n) => n;
export const list = [];
export const bump = () => list.push(list.length);
export class Cell {
  #value;
  constructor(value) {
    this.#value = value;
  }
  get() {
    return this.#value;
  }
}
