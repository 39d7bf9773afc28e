/** What a walk over a tree has found. */
import type { SyntaxNode } from "./parser.ts";
import type {
  AssigningNode,
  CallingNode,
  ClassSite,
  FunctionSite,
  PlaceSyntax,
  Reference,
  Scope,
  Scopes,
} from "./scopes.ts";

export class Notes {
  readonly functions: FunctionSite[] = [];
  readonly classes: ClassSite[] = [];
  readonly assignments: AssigningNode[] = [];
  readonly calls: CallingNode[] = [];
  readonly thrown: SyntaxNode[] = [];
  readonly #references: Reference[] = [];
  readonly #places: PlaceSyntax[] = [];
  readonly #awaits: { node: SyntaxNode; inside: SyntaxNode | undefined }[] = [];
  /** The functions, class fields and static blocks around what is visited, innermost last. */
  readonly #inside: SyntaxNode[] = [];

  enter(node: SyntaxNode): void {
    this.#inside.push(node);
  }

  leave(): void {
    this.#inside.pop();
  }

  use(
    node: SyntaxNode & { name: string },
    scope: Scope,
    how: { readonly isWrite?: boolean; readonly isProbe?: boolean } = {},
  ): void {
    const { isWrite = false, isProbe = false } = how;
    const inside = this.#inside.at(-1);
    const { name } = node;
    this.#references.push({ name, node, scope, isWrite, isProbe, inside, binding: undefined });
  }

  /** Notes a name for which the tree has no identifier. */
  refer(name: string, node: SyntaxNode, scope: Scope): void {
    const inside = this.#inside.at(-1);
    const how = { isWrite: false, isProbe: false };
    this.#references.push({ name, node, scope, ...how, inside, binding: undefined });
  }

  place(what: string, node: SyntaxNode): void {
    const holders = this.#inside.filter(({ type }) => type !== "ArrowFunctionExpression");
    this.#places.push({ what, node, holder: holders.at(-1) });
  }

  waits(node: SyntaxNode): void {
    this.#awaits.push({ node, inside: this.#inside.at(-1) });
  }

  /** Decides what each reference means, now that all scopes are complete. */
  scopes(root: Scope): Scopes {
    for (const reference of this.#references) {
      reference.binding = reference.scope.find(reference.name);
      reference.binding?.references.push(reference);
    }
    const references = this.#references.sort((a, b) => a.node.start - b.node.start);
    const { functions, classes, assignments, calls, thrown } = this;
    const [places, awaits] = [this.#places, this.#awaits];
    return { root, references, functions, classes, assignments, calls, thrown, places, awaits };
  }
}
