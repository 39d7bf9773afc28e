/**
 * What is done by a call on a line of its own: it is there for what it does to its object, to what
 * it is given, or to the module that its function comes from, since nobody wants its value.
 */
import { server } from "#platform";
import { type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import type { Binding } from "../syntax/scopes.ts";
import type { Effects } from "./effects.ts";
import { fills } from "./forms.ts";
import { type Pieces, specifierOf } from "./pieces.ts";
import { DEEP, type Values } from "./values.ts";

/** Methods that loggers have: they print, and change nothing that a function could see. */
const PRINTS =
  /^(?:log|info|warn|error|debug|trace|fatal|verbose|time|timeEnd|timeLog|group|groupEnd|table)$/;

/** Methods that are called for what they do to their object, whatever they give. */
const SETS_UP =
  /^(?:extend|use|install|plugin|mixin|locale|(?:add|config|enable|init|patch|register|set)\w*)$/;
export class Statements {
  readonly #values: Values;
  readonly #pieces: Pieces;
  readonly #effects: Effects;

  constructor(values: Values, pieces: Pieces, effects: Effects) {
    this.#values = values;
    this.#pieces = pieces;
    this.#effects = effects;
  }

  /** @param isTop Whether it stands at the top level of the module, and not in a function. */
  read(expression: SyntaxNode, isTop: boolean): void {
    const node = withoutTypes(expression);
    switch (node?.type) {
      case "UnaryExpression":
      case "AwaitExpression":
        if (node.argument) this.read(node.argument, isTop);
        return;
      case "ChainExpression":
        return this.read(node.expression, isTop);
      case "SequenceExpression":
        for (const each of node.expressions) this.read(each, isTop);
        return;
      case "LogicalExpression":
        return this.read(node.right, isTop);
      case "ConditionalExpression":
        this.read(node.consequent, isTop);
        return this.read(node.alternate, isTop);
      case "CallExpression":
        return this.#call(node, isTop);
      default:
    }
  }

  #call(node: SyntaxNode & { type: "CallExpression" }, isTop: boolean): void {
    // `a.b().c()`: what it is about is `a`.
    let call: SyntaxNode | undefined = node;
    let callee: SyntaxNode | undefined;
    while (call?.type === "CallExpression") {
      callee = withoutTypes(call.callee);
      const object = callee?.type === "MemberExpression" ? withoutTypes(callee.object) : undefined;
      if (object?.type !== "CallExpression") break;
      call = object;
    }
    if (callee?.type === "MemberExpression") {
      const name = callee.property.type === "Identifier" ? callee.property.name : "";
      if (PRINTS.test(name)) return;
      this.#effects.fill(callee.object, fills(name) ? 0 : DEEP);
    } else if (callee?.type === "Identifier" && this.#isForeign(callee)) {
      if (SETS_UP.test(callee.name)) this.#setUp(callee);
      if (!isTop) return;
      for (const argument of node.arguments) {
        const binding = this.#values.holder(argument);
        if (binding && this.#values.isObject(binding) && !this.#isMethod(argument))
          this.#effects.fill(argument, DEEP);
      }
    }
  }

  /** What an import sets up is its module: all that is imported from there. */
  #setUp(callee: SyntaxNode): void {
    const specifierFor = (binding: Binding | undefined): string | undefined => {
      const [piece] = (binding && this.#pieces.of.get(binding)) ?? [];
      return piece && specifierOf(piece);
    };
    const specifier = specifierFor(this.#values.bindingOf(callee));
    for (const binding of this.#pieces.of.keys()) {
      if (binding.kind === "import" && specifierFor(binding) === specifier)
        this.#effects.note(binding, 0);
    }
  }

  /** Whether an expression gives a function of an object, and not the object. */
  #isMethod(given: SyntaxNode): boolean {
    const node = withoutTypes(given);
    if (node?.type !== "MemberExpression" || node.computed) return false;
    const { name = "" } = node.property as { name?: string };
    return this.#values.methods(name).length > 0;
  }

  /** Whether a function comes from a module of the user's or of a package's. */
  #isForeign(callee: SyntaxNode): boolean {
    const binding = this.#values.bindingOf(callee);
    const [piece] = (binding && this.#pieces.of.get(binding)) ?? [];
    const specifier = piece && specifierOf(piece);
    return specifier !== undefined && !server.isBuiltinModule(specifier);
  }
}

/** Whether an expression, of which the value may be wanted, is a call by whose name it is not. */
export function setsUp(expression: SyntaxNode): boolean {
  const node = withoutTypes(expression);
  if (node?.type !== "CallExpression") return false;
  const callee = withoutTypes(node.callee);
  if (callee?.type !== "MemberExpression" || callee.property.type !== "Identifier") return false;
  return SETS_UP.test(callee.property.name);
}
