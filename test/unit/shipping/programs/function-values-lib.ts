/** What another module exports, for function-values.ts. */
let count = 0;

export function triple(x: number): number {
  return x * 3;
}

export class Box {
  readonly size: number = 3;
}

export function counted(): number {
  count += 1;
  return count;
}
