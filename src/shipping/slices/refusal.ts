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
    const setting = isOneFunction(this.tree)
      ? ". All of the file is in one function, as some bundlers write it: let the bundler write " +
        "an ES module (output.module in webpack)"
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

/** Whether the module does nothing but call one function, which holds all of the program. */
function isOneFunction({ program: { body } }: ModuleTree): boolean {
  const [only, ...others] = body.filter((each) => !("directive" in each && each.directive));
  if (others.length > 0 || only?.type !== "ExpressionStatement") return false;
  let { expression }: { expression: SyntaxNode } = only;
  if (expression.type === "UnaryExpression") expression = expression.argument;
  if (expression.type === "AssignmentExpression") expression = expression.right;
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
