/** Which calls run a function in a worker, and not here. */
import { type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import type { Binding } from "../syntax/scopes.ts";
import { type CallNode, shipsByName } from "./forms.ts";
import { isHeddle, type Pieces, specifierOf } from "./pieces.ts";
import type { Values } from "./values.ts";

/** What of heddle's runs its function in a worker, or hands one to them. */
const SHIPPERS = /^(?:toThread|Thread|Process|Timer|task|startNewThread|\w+Executor)$/;

export class Shippers {
  readonly #values: Values;
  readonly #pieces: Pieces;

  constructor(values: Values, pieces: Pieces) {
    this.#values = values;
    this.#pieces = pieces;
  }

  /** Whether a call runs its function in a worker, not here. */
  isShipping(node: CallNode, callee: SyntaxNode): boolean {
    if (callee.type === "Identifier") {
      return SHIPPERS.test(callee.name) && this.#isOfHeddle(callee);
    }
    if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return false;
    const { name } = callee.property;
    if (SHIPPERS.test(name) && this.#isOfHeddle(callee.object)) return true;
    if (!shipsByName(callee, node.arguments.length)) return false;
    const object = this.#values.holder(callee.object);
    // Whether a parameter is a pool, the text does not say.
    return object === undefined || object.kind === "parameter" || this.#isMadeByHeddle(object);
  }

  #isMadeByHeddle(binding: Binding, asked: Set<Binding> = new Set()): boolean {
    if (asked.has(binding)) return false; // it is made of itself
    asked.add(binding);
    return this.#values.of(binding).some(({ node }) => this.#makesOfHeddle(node, asked));
  }

  /** Also what passes it on, as a compiled `using` does. */
  #makesOfHeddle(given: SyntaxNode, asked: Set<Binding>): boolean {
    let made = withoutTypes(given);
    if (made?.type === "AwaitExpression") made = withoutTypes(made.argument);
    if (made?.type !== "NewExpression" && made?.type !== "CallExpression") return false;
    const holder = this.#values.holder(made.callee);
    if (holder && this.#isOfHeddleBinding(holder)) return true;
    if (holder && this.#isMadeByHeddle(holder, asked)) return true;
    return made.arguments.some((argument) => this.#makesOfHeddle(argument, asked));
  }

  #isOfHeddle(node: SyntaxNode): boolean {
    const binding = this.#values.holder(node);
    return binding !== undefined && this.#isOfHeddleBinding(binding);
  }

  #isOfHeddleBinding(binding: Binding): boolean {
    const [piece] = this.#pieces.of.get(binding) ?? [];
    return isHeddle((piece && specifierOf(piece)) ?? "");
  }
}
