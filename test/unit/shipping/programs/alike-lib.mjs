/** Functions with the texts that functions of `alike.mjs` have, and other meanings. */
const factor = Number("2"); // no constant: some runtimes write those into functions
function scaled(n) {
  return n * factor;
}
export { scaled as other };
export const made = () => (n) => n * factor + 1;
export const holder = { scaled };
export const list = [(n) => n * factor + 2];
