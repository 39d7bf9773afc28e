/**
 * Sets that are found from each other, some of them from themselves: what a function may give back
 * that calls itself.
 *
 * A set that is asked for while it is being found is given as far as it is known. Where that
 * happens all that were found with it are found again, until none of them grows.
 */
/** Sets that are found from each other, one from the next: deeper than programs nest, and less than stacks hold. */
const DEEPEST = 500;

export class GrowingSets<K, V> {
  readonly #sets = new Map<K, Set<V>>();
  /** Those of the pass that is being made, with whether they are found. */
  readonly #pass = new Map<K, boolean>();
  readonly #settled = new Set<K>();
  #isCircular = false;
  #depth = 0;

  /**
   * @param find Adds what belongs into the set of the key; it may ask for others.
   * @throws {RangeError} They are found from each other more than {@link DEEPEST} deep.
   */
  of(key: K, find: (found: Set<V>) => void): ReadonlySet<V> {
    let found = this.#sets.get(key);
    if (found === undefined) this.#sets.set(key, (found = new Set()));
    const isFound = this.#settled.has(key) || this.#pass.get(key);
    if (isFound === true) return found;
    if (isFound === false) {
      this.#isCircular = true;
      return found;
    }
    if (this.#pass.size > 0) this.#find(key, found, find);
    else this.#settle(key, found, find);
    return found;
  }

  #find(key: K, found: Set<V>, find: (found: Set<V>) => void): void {
    if (this.#depth >= DEEPEST) throw new RangeError("The sets nest too deep");
    this.#pass.set(key, false);
    this.#depth += 1;
    find(found);
    this.#depth -= 1;
    this.#pass.set(key, true);
  }

  #settle(key: K, found: Set<V>, find: (found: Set<V>) => void): void {
    try {
      let size: number;
      do {
        size = this.#size();
        this.#pass.clear();
        this.#isCircular = false;
        this.#find(key, found, find);
      } while (this.#isCircular && this.#size() > size);
      for (const each of this.#pass.keys()) this.#settled.add(each);
    } finally {
      this.#depth = 0;
      this.#pass.clear();
    }
  }

  /** How much is in the sets of the pass. */
  #size(): number {
    let size = 0;
    for (const key of this.#pass.keys()) size += this.#sets.get(key)?.size ?? 0;
    return size;
  }
}

/** Adds to the list of a key. */
export function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
