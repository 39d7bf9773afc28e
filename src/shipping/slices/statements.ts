/**
 * What is done by a call on a line of its own: it is there for what it does to its object, to what
 * it is given, or to the module that its function comes from, since its value is not wanted.
 */
import { server } from "#platform";
import { isLocal } from "../syntax/module-text.ts";
import { type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import type { Binding } from "../syntax/scopes.ts";
import type { Effects } from "./effects.ts";
import { fills } from "./forms.ts";
import { type Pieces, specifierOf } from "./pieces.ts";
import { DEEP } from "./sources.ts";
import type { Value, Values } from "./values.ts";

/** Methods that loggers have: they print, and change nothing that a function could see. */
const PRINTS =
  /^(?:log|info|warn|error|debug|trace|fatal|verbose|time|timeEnd|timeLog|group|groupEnd|table)$/;

/** Methods that are called for what they do to their object, whatever they give. */
const SETS_UP =
  /^(?:extend|use|install|plugin|mixin|locale|(?:add|config|enable|init|patch|register|set)\w*)$/;
export interface StatementPlace {
  /** Whether it is the top level of the module, and not in a function. */
  readonly isTop: boolean;
  /** Whether it surely runs here, and not in a worker alone. */
  readonly isRunHere: boolean;
}

/** Finds what a call of an import sets up: see set-ups.ts. */
export interface FindSetUps {
  by(callee: Binding): readonly Binding[] | undefined;
}

export class Statements {
  /** The imports that are set up, with the calls that do so. */
  readonly setUps: Map<Binding, SyntaxNode[]> = new Map();
  readonly #values: Values;
  readonly #pieces: Pieces;
  readonly #effects: Effects;
  readonly #find: FindSetUps | undefined;

  constructor(values: Values, pieces: Pieces, effects: Effects, find: FindSetUps | undefined) {
    this.#values = values;
    this.#pieces = pieces;
    this.#effects = effects;
    this.#find = find;
  }

  /** @param place Where the expression stands. */
  read(expression: SyntaxNode, place: StatementPlace): void {
    const node = withoutTypes(expression);
    switch (node?.type) {
      case "UnaryExpression":
      case "AwaitExpression":
        if (node.argument) this.read(node.argument, place);
        return;
      case "ChainExpression":
        return this.read(node.expression, place);
      case "SequenceExpression":
        for (const each of node.expressions) this.read(each, place);
        return;
      case "LogicalExpression":
        return this.read(node.right, place);
      case "ConditionalExpression":
        this.read(node.consequent, place);
        return this.read(node.alternate, place);
      case "CallExpression":
        return this.#call(node, place);
      default:
    }
  }

  #call(node: SyntaxNode & { type: "CallExpression" }, place: StatementPlace): void {
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
      if (place.isRunHere) this.#setUp(callee, node);
      if (!place.isTop) return;
      for (const argument of node.arguments) {
        const binding = this.#values.holder(argument);
        if (binding && this.#isOwnObject(binding) && !this.#isMethod(argument))
          this.#effects.fill(argument, DEEP);
      }
    }
  }

  /**
   * Whether a variable holds the functions of a module or package, such as `semver.sort`: where the
   * value of a call is wanted, none of them changes what it is called on.
   */
  isLibrary(binding: Binding): boolean {
    const [piece] = this.#pieces.of.get(binding) ?? [];
    const specifier = piece && specifierOf(piece);
    if (specifier === undefined) return false;
    return binding.node.type === "ImportNamespaceSpecifier" || !isLocal(specifier);
  }

  /** What a module of the program sets up its text shows; for others, the name of the call says so. */
  #setUp(callee: SyntaxNode & { name: string }, call: SyntaxNode): void {
    const binding = this.#values.bindingOf(callee);
    if (binding === undefined || PRINTS.test(callee.name)) return;
    const found = this.#find?.by(binding);
    const setUp = found ?? (SETS_UP.test(callee.name) ? this.#allFromThere(binding) : []);
    for (const each of setUp) this.setUps.set(each, [...(this.setUps.get(each) ?? []), call]);
  }

  /** All that is imported from the same module. */
  #allFromThere(binding: Binding): readonly Binding[] {
    const specifierFor = (each: Binding): string | undefined => {
      const [piece] = this.#pieces.of.get(each) ?? [];
      return piece && specifierOf(piece);
    };
    const specifier = specifierFor(binding);
    return [...this.#pieces.of.keys()].filter(
      (each) => each.kind === "import" && specifierFor(each) === specifier,
    );
  }

  /** Whether the variable holds an object, and not something taken out of an import. */
  #isOwnObject(binding: Binding): boolean {
    const isImport = ({ node }: Value): boolean => this.#values.holder(node)?.kind === "import";
    return this.#values.isObject(binding) && !this.#values.of(binding).every(isImport);
  }

  /** Whether an expression gives a function of an object, and not the object. */
  #isMethod(given: SyntaxNode): boolean {
    const node = withoutTypes(given);
    if (node?.type !== "MemberExpression" || node.computed) return false;
    return this.#values.methodsNamed(node).length > 0;
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
