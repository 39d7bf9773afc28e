/** Why a function cannot take along what it uses: by name, kind and place, and what to do. */
import { NotShippableError } from "../../errors.ts";
import { type ModuleTree, placeIn } from "../syntax/module-tree.ts";
import { isClass, isFunction, type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import type { Binding } from "../syntax/scopes.ts";

/** Makes the errors for one function of a module. */
export class Refusals {
  readonly tree: ModuleTree;
  readonly #name: string;
  readonly #node: SyntaxNode;

  constructor(tree: ModuleTree, name: string, node: SyntaxNode) {
    this.tree = tree;
    this.#name = name;
    this.#node = node;
  }

  place(position: number): string {
    return placeIn(this.tree, position, true);
  }

  /**
   * What the binding is, and where: `"factor", a parameter of the function around it (main.ts:3:7)`.
   *
   * @param node What is where. Default: what declares it.
   */
  described(binding: Binding, node: SyntaxNode = binding.node): string {
    return `"${binding.name}", ${kindOf(binding)} (${this.place(node.start)})`;
  }

  because(reason: string, binding?: Binding): NotShippableError {
    const name = this.#name === "" ? "(anonymous)" : `"${this.#name}"`;
    const what = isClass(this.#node) ? "class" : "function";
    const setting = holdsModules(this.tree)
      ? ". A bundler has put the modules of this file into functions: mark the function where its " +
        "module defines it, task(import.meta.url, fn), or let the bundler write an ES module " +
        "(output.module in webpack)"
      : "";
    return new NotShippableError(
      `Cannot ship the ${what} ${name} (${this.place(this.#node.start)}): ${reason}${setting}`,
      {
        functionName: this.#name,
        ...(binding === undefined ? {} : { freeVariables: [binding.name] }),
      },
    );
  }
}

/**
 * Whether the file does nothing but what bundlers write around modules: it calls one function, which
 * holds all of the program, or it lists functions, one for each module. That is
 * `module.exports = [1, (e) => { … }]` of Turbopack, `exports.id = 1, exports.modules = { … }` of webpack.
 */
function holdsModules({ program: { body } }: ModuleTree): boolean {
  const [only, ...others] = body.filter((each) => !("directive" in each && each.directive));
  if (others.length > 0 || only?.type !== "ExpressionStatement") return false;
  let { expression }: { expression: SyntaxNode } = only;
  if (expression.type === "SequenceExpression") {
    expression = expression.expressions.at(-1) as SyntaxNode;
    return (
      expression.type === "AssignmentExpression" && expression.right.type === "ObjectExpression"
    );
  }
  if (expression.type === "UnaryExpression") expression = expression.argument;
  if (expression.type === "AssignmentExpression") expression = expression.right;
  if (expression.type === "ArrayExpression") return expression.elements[0]?.type === "Literal";
  if (expression.type !== "CallExpression") return false;
  const callee = withoutTypes(expression.callee);
  return callee !== undefined && isFunction(callee);
}

function kindOf({ kind, scope }: Binding): string {
  if (scope.outer === undefined || scope.node.type === "Program") return "a variable of the module";
  if (scope.node.type.startsWith("For")) return "a loop variable around it";
  switch (kind) {
    case "parameter":
      return "a parameter of the function around it";
    case "catch variable":
      return "the variable of the catch around it";
    case "own name":
      return "the name of the function around it";
    case "class":
      return "a class of the function around it";
    case "const":
      return "a constant of the function around it";
    default:
      return "a local variable of the function around it";
  }
}
