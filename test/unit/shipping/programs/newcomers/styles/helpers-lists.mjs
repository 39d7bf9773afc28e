export function chunk(list, size) {
  return list.length ? [list.slice(0, size), ...chunk(list.slice(size), size)] : [];
}
export const sumBy = (list, key) => list.reduce((total, each) => total + each[key], 0);
