/** Makes consoles show what `toString` returns, rather than an object's parts. */
export function showAsText(prototype: object): void {
  Object.defineProperty(prototype, Symbol.for("nodejs.util.inspect.custom"), {
    value(this: { toString(): string }): string {
      return this.toString();
    },
  });
}
