export const twice = (n) => n * 2;
export const listed = [(n) => n * 3];
const hidden = (n) => n * 4;
export { hidden as shown };
export const ask = (fn) => [fn === twice, fn === listed[0], fn === hidden];
