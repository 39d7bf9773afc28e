/** A module that only `import()` can load, and what it makes objects of. */
await Promise.resolve();

export class Late {
  readonly n: number = 4;
  twice(): number {
    return this.n * 2;
  }
}

export function make(): Late {
  return new Late();
}
