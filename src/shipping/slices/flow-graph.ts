/**
 * Places that functions may be in, and ways by which they get from one into another: whatever is
 * in the first is in the second as well. What a place holds grows until nothing moves any more.
 *
 * Nothing here recurses, however long the ways are: what is to be done waits in a list.
 */
import type { SyntaxNode } from "../syntax/parser.ts";

/** Moves between places, for one module: a bundle of a whole program may have more. */
const MOST_MOVES = 3_000_000;

/** Where functions may be: a variable, for example, or what an expression gives. */
export class Place {
  readonly functions: Set<SyntaxNode> = new Set();
  /** Those that have not moved on yet. */
  readonly waiting: SyntaxNode[] = [];
  readonly moved: SyntaxNode[] = [];
  readonly asked: ((fn: SyntaxNode) => void)[] = [];
  readonly into: Set<Place> = new Set();

  /** Has the function called with each function of the place, now or once it is there. */
  ask(then: (fn: SyntaxNode) => void): void {
    this.asked.push(then);
    for (const fn of this.moved) then(fn);
  }
}

export class FlowGraph {
  readonly #places = new Map<object, Map<string, Place>>();
  readonly #tasks: (() => void)[] = [];
  readonly #changed: Place[] = [];
  #moves = 0;

  /**
   * The place of something.
   *
   * @param what Which of its places.
   * @param build Called once: says what is in it, and which ways lead there.
   */
  place(of: object, what: string, build?: (place: Place) => void): Place {
    let places = this.#places.get(of);
    if (places === undefined) this.#places.set(of, (places = new Map()));
    let place = places.get(what);
    if (place === undefined) {
      const made = (place = new Place());
      places.set(what, made);
      if (build !== undefined) this.#tasks.push(() => build(made));
    }
    return place;
  }

  put(fn: SyntaxNode, place: Place): void {
    if (place.functions.has(fn)) return;
    place.functions.add(fn);
    if (place.waiting.push(fn) === 1) this.#changed.push(place);
  }

  /** Opens a way from one place into another. */
  flow(from: Place, into: Place): void {
    if (from === into || from.into.has(into)) return;
    from.into.add(into);
    for (const fn of from.moved) this.put(fn, into);
  }

  /** What is in a place, once all has moved. */
  in(place: Place): ReadonlySet<SyntaxNode> {
    this.settle();
    return place.functions;
  }

  /** Moves all that is to be moved. @returns Whether that was possible. */
  settle(): boolean {
    while (this.#moves < MOST_MOVES) {
      const task = this.#tasks.pop();
      if (task !== undefined) {
        this.#moves += 1;
        task();
        continue;
      }
      const place = this.#changed.pop();
      if (place === undefined) return true;
      this.#moveFrom(place);
    }
    return false;
  }

  #moveFrom(place: Place): void {
    for (let fn = place.waiting.pop(); fn !== undefined; fn = place.waiting.pop()) {
      place.moved.push(fn);
      for (const other of place.into) this.put(fn, other);
      // What is asked meanwhile is answered at once.
      const asked = [...place.asked];
      for (const then of asked) then(fn);
      this.#moves += place.into.size + asked.length + 1;
    }
  }
}
