/** Which calls do not run a function that they are given: it runs in a worker, or later. */
import { isFunction, type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import type { Binding } from "../syntax/scopes.ts";
import { isWithin } from "../syntax/free-variables.ts";
import { type CallNode, isShippedAt, returned, shipsByName } from "./forms.ts";
import { isHeddle, type Pieces, specifierOf } from "./pieces.ts";
import type { Values } from "./values.ts";

/** What of heddle's runs its function in a worker, or hands one to them. */
const SHIPPERS = /^(?:toThread|Thread|Process|Timer|task|startNewThread|\w+Executor)$/;

export class Shippers {
  readonly #values: Values;
  readonly #pieces: Pieces;
  readonly #text: string;

  constructor(values: Values, pieces: Pieces, text: string) {
    this.#text = text;
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

  /** Whether what is called comes from heddle: it keeps no function that runs here and changes something unseen. */
  isOfHeddle(callee: SyntaxNode): boolean {
    const holder = this.#values.holder(callee);
    return (
      holder !== undefined && (this.#isOfHeddleBinding(holder) || this.#isMadeByHeddle(holder))
    );
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

  /** Whether a function of the module ships what it is given there, and does not call it. */
  shipsParameter(callee: SyntaxNode, at: number): boolean {
    const functions = callee.type === "Identifier" ? [...this.#values.functionsIn(callee)] : [];
    return functions.length > 0 && functions.every((fn) => this.#onlyShips(fn, at));
  }

  #onlyShips(fn: SyntaxNode, at: number): boolean {
    const parameter = isFunction(fn) ? fn.params[at] : undefined;
    const binding = parameter && this.#values.parameter(parameter);
    if (binding === undefined) return false;
    return binding.references.every(({ node }) => isShippedAt(node, this.#text));
  }

  /**
   * Whether a call of a function of the module gives back another function which alone uses what
   * the call is given: as in bundles, where that evaluates a module when it is first called.
   */
  isPutOff({ callee, arguments: args }: CallNode): boolean {
    const functions = callee.type === "Identifier" ? [...this.#values.functionsIn(callee)] : [];
    return functions.length > 0 && functions.every((fn) => this.#keeps(fn, args.length));
  }

  #keeps(fn: SyntaxNode, count: number): boolean {
    if (!isFunction(fn) || fn.params.length < count) return false;
    const later = [...returned(fn)].filter(isFunction);
    return fn.params.slice(0, count).every((each) => {
      const parameter = this.#values.parameter(each);
      return parameter?.references.every(({ node }) => later.some((at) => isWithin(node, at)));
    });
  }
}
