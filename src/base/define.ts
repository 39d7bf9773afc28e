/** Defines a property as classes define their methods: it can be replaced, and is not enumerable. */
export function define(object: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, configurable: true });
}
