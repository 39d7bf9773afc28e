/**
 * Which functions are in a variable when a piece runs: not those that later pieces make, since
 * nothing can have put them there yet.
 */
import type { SyntaxNode } from "../syntax/parser.ts";
import type { Binding } from "../syntax/scopes.ts";
import { isHoisted, type Pieces } from "./pieces.ts";
import type { Values } from "./values.ts";

export class Present {
  /** Where the piece ends that is read. */
  end: number = 0;
  readonly #values: Values;
  readonly #pieces: Pieces;
  readonly #waits: boolean;

  /** @param waits Whether the module waits for the piece. */
  constructor(values: Values, pieces: Pieces, waits: boolean) {
    this.#values = values;
    this.#pieces = pieces;
    this.#waits = waits;
  }

  /**
   * Those in a variable. What a call gives a parameter is not among them: it runs where the call is
   * read.
   *
   * @param isLate Whether what is read may run once later pieces have run.
   */
  of(binding: Binding, isLate: boolean): Iterable<SyntaxNode> {
    return this.#without(this.#values.functionsNear(binding), binding, isLate);
  }

  /** Those in what an expression gives. */
  in(node: SyntaxNode, isLate: boolean): Iterable<SyntaxNode> {
    return this.#without(this.#values.functionsNearIn(node), this.#values.holder(node), isLate);
  }

  *#without(
    functions: Iterable<SyntaxNode>,
    holder: Binding | undefined,
    isLate: boolean,
  ): Generator<SyntaxNode> {
    const isDeclaredLater = holder !== undefined && holder.node.start >= this.end;
    const isAny = isDeclaredLater || (isLate && !this.#waits);
    for (const fn of functions)
      if (isAny || fn.start < this.end || isHoisted(this.#pieces, fn)) yield fn;
  }
}
