import { chunk, sumBy } from "./helpers-lists.mjs";

const groupBy = (list, key) => {
  const groups = {};
  for (const each of list) (groups[key(each)] ??= []).push(each);
  return groups;
};
const flow =
  (...steps) =>
  (value) =>
    steps.reduce((last, step) => step(last), value);
export default { chunk, flow, groupBy, sumBy };
