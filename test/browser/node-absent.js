// What modules of Node's export that a page has nothing for: tests that use it are listed.

const absent = (name) => () => {
  throw new Error(`Cannot use "${name}" in a page`);
};

export const fileURLToPath = absent("fileURLToPath");
export const inspect = absent("inspect");
export const once = absent("once");
export const spawn = absent("spawn");
export const spawnSync = absent("spawnSync");
