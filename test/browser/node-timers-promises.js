// The part of node:timers/promises that our tests of asyncio use, in a page.

const sleep = (ms, value) => new Promise((resolve) => setTimeout(() => resolve(value), ms));

export { sleep as setTimeout };
export const setImmediate = (value) => sleep(0, value);
