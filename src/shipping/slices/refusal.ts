/** Why a function cannot take along what it uses: by name, kind and place, and what to do. */
import { NotShippableError } from "../../errors.ts";
import { type ModuleTree, placeIn } from "../syntax/module-tree.ts";
import { isClass, type SyntaxNode } from "../syntax/parser.ts";
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
    return new NotShippableError(
      `Cannot ship the ${what} ${name} (${this.place(this.#node.start)}): ${reason}`,
      {
        functionName: this.#name,
        ...(binding === undefined ? {} : { freeVariables: [binding.name] }),
      },
    );
  }
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
