import { define } from "./define.ts";

/**
 * The one global that heddle writes.
 *
 * Two copies of heddle may meet in one thread: the one that started a worker and
 * the one that the user's code imports there, or one bundled into a dependency.
 * What both must agree on, such as which functions are marked, lives here. The same symbol marks the
 * prototypes of heddle's classes.
 */
export const KEY: unique symbol = /* @__PURE__ */ Symbol.for("heddle") as never;

/**
 * Returns this thread's value called `name`, made by `create` on first use.
 *
 * A name ends in the version of the value's shape (`"marks@1"`), since the other
 * copy may be of another release.
 */
export function threadRegistry<T>(name: string, create: () => T): T {
  const holder = globalThis as { [KEY]?: Map<string, unknown> };
  let values = holder[KEY];
  if (values === undefined) {
    values = new Map();
    define(holder, KEY, values);
  }
  if (!values.has(name)) values.set(name, create());
  return values.get(name) as T;
}

/** This thread's value called `name`, if {@link threadRegistry} has made it. */
export function registered(name: string): unknown {
  return (globalThis as { [KEY]?: Map<string, unknown> })[KEY]?.get(name);
}
