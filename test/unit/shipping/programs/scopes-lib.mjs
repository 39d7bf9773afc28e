// oxlint-disable no-shadow -- cases
/** Functions whose texts stand in the main module too, where they mean something else. */
const FACTOR = 100;
export const own = 1;
export const alike = (
  (own) => () =>
    own * 2
)(50);
export const makeAlike =
  (factor) =>
  (n = 1) =>
    n * factor + own;
export const makeThere = () => (n) => n ** FACTOR;
export const getFactor = () => FACTOR;
