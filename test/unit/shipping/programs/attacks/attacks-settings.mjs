/** A module that is set up by a call. */
let current = 1;
export const late = 3;
export function setLevel(n) {
  current = n;
}
export const level = () => current;
