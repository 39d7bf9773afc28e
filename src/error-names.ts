/**
 * Which of heddle's errors a class is, also where there are several copies of heddle.
 *
 * A worker's own code contains a copy of heddle, the program that runs in it imports
 * another, and a bundle contains a third: each has error classes of its own. An error
 * of one copy is an instance of the class of the same name in every copy.
 */

/** Where a class keeps its name. It stays when a minifier renames the class. */
const NAME: unique symbol = /* @__PURE__ */ Symbol.for("heddle.error") as never;

/** Has `instanceof` decide by a name for a class, so that it is the same class in every copy. */
export function recognizeByName(Class: Function, name: string): void {
  const test = function (this: Function, value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    // A class that extends the error inherits this test: other copies do not have that class.
    return errorName(this) === name && typeof value === "object" && isInstance(value, name);
  };
  Object.defineProperty(Class, Symbol.hasInstance, {
    value: Object.assign(test, { [NAME]: name }),
  });
}

/** The name of an error class of heddle's, of whichever copy; undefined for any other class. */
export function errorName(Class: Function): string | undefined {
  const test = ownValue(Class, Symbol.hasInstance) as { readonly [NAME]?: string } | undefined;
  return test?.[NAME];
}

function ownValue(object: object, key: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(object, key)?.value;
}

function isInstance(value: object | null, name: string): boolean {
  for (let at = value; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const Class = ownValue(at, "constructor");
    if (typeof Class === "function" && errorName(Class) === name) return true;
  }
  return false;
}
