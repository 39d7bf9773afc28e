/** The functions that may be in what an expression gives: in objects and lists, and as results of calls. */
import {
  childNodes,
  type ClassNode,
  isClass,
  isFunction,
  type SyntaxNode,
  withoutTypes,
} from "../syntax/parser.ts";
import { type Binding, keyName } from "../syntax/scopes.ts";
import { isShipper, returned, shipsByName } from "./forms.ts";
import type { GrowingSets } from "./growing-sets.ts";
import { makesList } from "./lists.ts";

/** What is known of the module's variables: see values.ts. */
interface Known {
  bindingOf(node: SyntaxNode): Binding | undefined;
  of(binding: Binding): readonly { readonly node: SyntaxNode; readonly depth: number }[];
  storedIn(binding: Binding): readonly SyntaxNode[];
  methods(name: string): readonly SyntaxNode[];
  functionsOf(binding: Binding): ReadonlySet<SyntaxNode>;
  classOf(node: SyntaxNode): ClassNode | undefined;
  lineage(node: ClassNode): Iterable<ClassNode>;
  isExhausted(): boolean;
}

/** Functions: those that a variable may hold, and those that a function may give back. */
export type FunctionSets = GrowingSets<Binding | SyntaxNode, SyntaxNode>;

export class HeldFunctions {
  readonly #values: Known;
  readonly #sets: FunctionSets;

  constructor(values: Known, sets: FunctionSets) {
    this.#values = values;
    this.#sets = sets;
  }

  /** What a call in a worker may give back: what its function returns, and what that is given. */
  #collectShipped([first, ...others]: readonly SyntaxNode[], found: Set<SyntaxNode>): void {
    const options = withoutTypes(first);
    if (options?.type !== "ObjectExpression") {
      if (first) this.#collectCopied(first, found);
      for (const argument of others) this.collect(argument, found);
      return;
    }
    for (const property of options.properties) {
      if (property.type !== "Property") continue;
      const name = keyName(property.key, false);
      if (name === "target") this.#collectCopied(property.value, found);
      else if (/^(?:kw)?args$/.test(name)) this.collect(property.value, found);
    }
  }

  /** What comes back from a worker: of objects their fields, and of what calls give nothing of this thread's. */
  #collectCopied(callee: SyntaxNode, found: Set<SyntaxNode>): void {
    const called = new Set<SyntaxNode>();
    this.collect(callee, called);
    const waiting = [...called].flatMap((fn) => [...returned(fn)]);
    for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
      const node = withoutTypes(value);
      if (this.#values.isExhausted()) return;
      if (node === undefined) continue;
      if (/^(?:Object|Array|Conditional|Logical)Expression$|^Property$/.test(node.type))
        waiting.push(...childNodes(node));
      else if (isFunction(node) || /^(?:Identifier|NewExpression)$/.test(node.type))
        this.collect(node, found);
    }
  }

  /** What the functions may return that an expression gives. */
  #collectReturned(callee: SyntaxNode, found: Set<SyntaxNode>): void {
    const called = new Set<SyntaxNode>();
    this.collect(callee, called);
    for (const fn of called) {
      if (this.#values.isExhausted()) return;
      for (const each of this.#returnedBy(fn)) found.add(each);
    }
  }

  #returnedBy(fn: SyntaxNode): ReadonlySet<SyntaxNode> {
    return this.#sets.of(fn, (found) => {
      for (const value of returned(fn)) {
        const inner = withoutTypes(value);
        if (inner && isFunction(inner)) found.add(inner);
        else if (inner && inner.type !== "CallExpression") this.collect(inner, found);
      }
    });
  }

  /** Adds the functions that may be in what an expression gives. */
  collect(given: SyntaxNode | null | undefined, found: Set<SyntaxNode>): void {
    const node = withoutTypes(given);
    if (node === undefined || this.#values.isExhausted()) return;
    if (isFunction(node)) return void found.add(node);
    if (isClass(node)) return this.membersOf(node, true, found);
    switch (node.type) {
      case "Identifier": {
        const binding = this.#values.bindingOf(node);
        for (const fn of binding ? this.#values.functionsOf(binding) : []) {
          if (this.#values.isExhausted()) return;
          found.add(fn);
        }
        return;
      }
      case "ObjectExpression":
        for (const property of node.properties) {
          this.collect(
            property.type === "SpreadElement" ? property.argument : property.value,
            found,
          );
        }
        return;
      case "ArrayExpression":
        for (const element of node.elements) this.collect(element, found);
        return;
      case "NewExpression": {
        const own = this.#values.classOf(node.callee);
        if (own) this.membersOf(own, false, found);
        else if (isShipper(node.callee)) return this.#collectShipped(node.arguments, found);
        for (const argument of node.arguments) this.collect(argument, found);
        return;
      }
      case "CallExpression": {
        const callee = withoutTypes(node.callee);
        if (callee?.type === "MemberExpression") {
          this.collect(callee.object, found);
          if (shipsByName(callee, node.arguments.length))
            return this.#collectShipped(node.arguments, found);
          if (makesList(callee, this.#values))
            for (const argument of node.arguments) this.#collectReturned(argument, found);
        } else if (callee?.type === "Identifier" && callee.name === "toThread") {
          return this.#collectShipped(node.arguments, found);
        } else if (callee) this.#collectReturned(callee, found);
        for (const argument of node.arguments) this.collect(argument, found);
        return;
      }
      case "ConditionalExpression":
      case "LogicalExpression":
      case "SequenceExpression":
      case "AssignmentExpression":
      case "AwaitExpression":
      case "ChainExpression":
      case "SpreadElement":
        for (const each of childNodes(node)) this.collect(each, found);
        return;
      case "MemberExpression":
        return this.collect(node.object, found);
      default:
    }
  }

  /** Adds those of a class, and of the classes that it extends. */
  membersOf(node: ClassNode, withStatic: boolean, found: Set<SyntaxNode>): void {
    for (const each of this.#values.lineage(node)) {
      for (const member of each.body.body) {
        if (member.type === "MethodDefinition") {
          const isConstructor = member.kind === "constructor";
          if (withStatic || (!member.static && !isConstructor)) found.add(member.value);
        } else if (member.type === "PropertyDefinition" && member.value) {
          if (withStatic || !member.static) this.collect(member.value, found);
        }
      }
    }
  }
}
