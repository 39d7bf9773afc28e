/** Which objects an expression may give: a change of what it gives is a change of these. */
import type * as Acorn from "acorn";
import { type ClassNode, type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import type { Binding } from "../syntax/scopes.ts";
import { memberName, returned } from "./forms.ts";

/** As deep as any: what a function of another module does to an object is not known. */
export const DEEP = 9;

/** What is known of the module's variables: see values.ts. */
interface Known {
  bindingOf(node: SyntaxNode): Binding | undefined;
  classOf(node: SyntaxNode): ClassNode | undefined;
  functionsNearIn(node: SyntaxNode): ReadonlySet<SyntaxNode>;
  methodsNamed(member: Acorn.MemberExpression): readonly SyntaxNode[];
  usesThis(fn: SyntaxNode): boolean;
}

/** Methods that give what is in their object. */
const ELEMENT = /^(?:get|at|find|findLast|pop|shift|next|entries)$/;
/** Methods that give another object with the same in it. */
const COPIES =
  /^(?:values|keys|slice|filter|concat|flat|map|toSorted|toReversed|toSpliced|with|matchAll)$/;

export class Sources {
  readonly #values: Known;

  constructor(values: Known) {
    this.#values = values;
  }

  /** The expressions whose objects are changed if what an expression gives is changed so deep. */
  *of(node: SyntaxNode, depth: number): Generator<readonly [SyntaxNode, number]> {
    const deeper = Math.min(DEEP, depth + 1);
    const shallower = depth === DEEP ? DEEP : depth - 1;
    switch (node.type) {
      case "MemberExpression":
        yield [node.object, deeper];
        return;
      case "ChainExpression":
        yield [node.expression, depth];
        return;
      case "AwaitExpression":
        yield [node.argument, depth];
        return;
      case "ConditionalExpression":
        yield [node.consequent, depth];
        yield [node.alternate, depth];
        return;
      case "LogicalExpression":
        yield [node.left, depth];
        yield [node.right, depth];
        return;
      case "SequenceExpression":
        yield [node.expressions.at(-1) as SyntaxNode, depth];
        return;
      case "AssignmentExpression":
        yield [node.left, depth];
        yield [node.right, depth];
        return;
      case "ArrayExpression":
        if (depth === 0) return;
        for (const element of node.elements) {
          if (element?.type === "SpreadElement") yield [element.argument, depth];
          else if (element) yield [element, shallower];
        }
        return;
      case "ObjectExpression":
        if (depth === 0) return;
        for (const property of node.properties) {
          if (property.type === "SpreadElement") yield [property.argument, depth];
          else yield [property.value, shallower];
        }
        return;
      case "NewExpression":
        if (depth === 0) return;
        if (this.#values.classOf(node.callee) !== undefined) {
          for (const argument of node.arguments) yield [argument, shallower];
        } else if (node.callee.type === "Identifier" && /^[A-Z]/.test(node.callee.name)) {
          const isGlobal = this.#values.bindingOf(node.callee) === undefined;
          if (isGlobal) for (const argument of node.arguments) yield [argument, depth];
          if (isGlobal && depth > 1)
            for (const argument of node.arguments) yield [argument, shallower];
        }
        return;
      case "CallExpression":
        yield* this.#sourcesOfCall(node, depth, deeper);
        return;
      default:
    }
  }

  *#sourcesOfCall(
    { callee: given, arguments: args }: Acorn.CallExpression,
    depth: number,
    deeper: number,
  ): Generator<readonly [SyntaxNode, number]> {
    const callee = withoutTypes(given);
    if (callee?.type !== "MemberExpression") {
      for (const fn of callee ? this.#values.functionsNearIn(callee) : []) {
        for (const value of returned(fn)) yield [value, depth];
      }
      return;
    }
    const name = memberName(callee);
    const host = withoutTypes(callee.object);
    if (host?.type === "Identifier" && this.#values.bindingOf(host) === undefined) {
      const [first] = args;
      // `Object.assign(a, b)` gives `a`; `Object.values(a)` another object.
      const isSame = /^(?:assign|freeze|seal|definePropert|setPrototypeOf)/.test(name);
      if (first && (isSame || depth > 0)) yield [first, depth];
      return;
    }
    if (ELEMENT.test(name)) yield [callee.object, deeper];
    else if (COPIES.test(name)) {
      if (depth > 0) yield [callee.object, depth];
    } else {
      const methods = this.#values.methodsNamed(callee);
      // A method that does not look at its object, as a static one that makes another, gives nothing of it.
      if (methods.some((fn) => this.#values.usesThis(fn))) yield [callee.object, DEEP];
      for (const fn of methods) for (const value of returned(fn)) yield [value, depth];
    }
  }
}
