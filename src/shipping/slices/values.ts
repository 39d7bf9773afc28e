/**
 * What the variables of a module may hold, as far as its text shows: the functions in them, and
 * the other variables whose objects are in them.
 *
 * Depth tells objects apart: the elements of `[a]` are one deep, so a change of the list
 * itself does not change `a`, and one of what is in it does.
 */
import type * as Acorn from "acorn";
import type { ModuleTree } from "../syntax/module-tree.ts";
import {
  type ClassNode,
  isClass,
  isFunction,
  type SyntaxNode,
  withoutTypes,
} from "../syntax/parser.ts";
import {
  type AssigningNode,
  type Binding,
  boundIdentifiers,
  keyName,
  type Reference,
} from "../syntax/scopes.ts";
import { depthIn, holds, mayBeMethod, returned } from "./forms.ts";
import { addTo, GrowingSets } from "./growing-sets.ts";
import { type FunctionSets, HeldFunctions } from "./held-functions.ts";
import { Members } from "./members.ts";

/** As deep as any: what a function of another module does to an object is not known. */
export const DEEP = 9;

/**
 * How much of a module is read for what it changes. A bundle of a whole program may be so large
 * that what follows from what would take minutes: the rest of it is then taken by what stands in
 * it, without what it calls.
 */
const MOST_STEPS = 400_000;
/** Functions that call each other are followed so deep. */
export const MOST_NESTED = 40;

/** What a variable is given. */
export interface Value {
  readonly node: SyntaxNode;
  /** How deep in it the variable's own value lies: 1 for `a` in `const { a } = value`. */
  readonly depth: number;
}

/** Methods that give what is in their object. */
const ELEMENT = /^(?:get|at|find|findLast|pop|shift|next|entries)$/;
/** Methods that give another object with the same in it. */
const COPIES =
  /^(?:values|keys|slice|filter|concat|flat|map|toSorted|toReversed|toSpliced|with|matchAll)$/;

export class Values {
  readonly #references = new Map<SyntaxNode, Reference>();
  readonly #parameters = new Map<SyntaxNode, Binding>();
  readonly #given = new Map<Binding, Value[]>();
  readonly #stored = new Map<Binding, SyntaxNode[]>();
  readonly #heads = new Map<SyntaxNode, SyntaxNode>();
  readonly #methods = new Map<string, SyntaxNode[]>();
  readonly #functions: FunctionSets = new GrowingSets();
  readonly #outer = new Map<Binding, Binding>();
  readonly #classes = new Map<SyntaxNode, Binding>();
  readonly #held = new HeldFunctions(this, this.#functions);
  readonly members: Members;

  /** Functions that use their `this`. */
  readonly #useThis = new Set<SyntaxNode>();
  #steps = 0;

  constructor(tree: ModuleTree) {
    this.members = new Members(this, tree.scopes.classes);
    for (const { what, holder } of tree.scopes.places) {
      if (holder && (what === "this" || what === "super")) this.#useThis.add(holder);
    }
    for (const each of tree.scopes.references) {
      this.#references.set(each.node, each);
      if (each.binding?.kind === "parameter") this.#parameters.set(each.binding.node, each.binding);
    }
    for (const site of tree.scopes.functions) {
      if (site.name !== "" && mayBeMethod(site, tree)) addTo(this.#methods, site.name, site.node);
    }
    for (const each of tree.scopes.assignments) this.#noteAssigned(each);
    for (const { node, around } of tree.scopes.classes) {
      const variable = [...around.bindings].find((each) => holds(each, node));
      for (const member of variable ? node.body.body : []) {
        if (variable && "value" in member && member.value)
          this.#classes.set(member.value, variable);
      }
    }
  }

  /** Notes what is assigned where, and what loops run over. */
  #noteAssigned(node: AssigningNode): void {
    if (node.type === "ForOfStatement") {
      const { left, right } = node;
      if (left.type === "VariableDeclaration") {
        for (const declarator of left.declarations) this.#heads.set(declarator, right);
      } else this.#assign(left, right, 1);
      return;
    }
    const left = withoutTypes(node.left);
    if (left?.type !== "MemberExpression") return this.#assign(left, node.right, 0);
    const binding = this.holder(left);
    if (binding) addTo(this.#stored, binding, node.right);
  }

  #assign(pattern: SyntaxNode | undefined, value: SyntaxNode, depth: number): void {
    for (const id of boundIdentifiers(pattern)) {
      const binding = this.bindingOf(id);
      const nested = depthIn(pattern, id);
      if (binding === undefined || nested === undefined) continue;
      addTo(this.#given, binding, { node: value, depth: depth + nested });
    }
  }

  referenceAt(node: SyntaxNode): Reference | undefined {
    return this.#references.get(node);
  }

  bindingOf(node: SyntaxNode): Binding | undefined {
    const binding = this.#references.get(node)?.binding;
    return binding?.kind === "own name" ? this.#outside(binding) : binding;
  }

  /** The variable that is declared as a function or class, for the name that this has inside itself. */
  #outside(inner: Binding): Binding {
    let found = this.#outer.get(inner);
    if (found === undefined) {
      const declared = [...(inner.scope.outer?.bindings ?? [])].find(
        ({ node }) =>
          node === inner.node ||
          (node.type === "VariableDeclarator" && withoutTypes(node.init) === inner.node),
      );
      this.#outer.set(inner, (found = declared ?? inner));
    }
    return found;
  }

  /** The variable of the class whose method, or field, has the function as its value. */
  classVariable(method: SyntaxNode): Binding | undefined {
    return this.#classes.get(method);
  }

  /** The variable that is a parameter, where that is a plain name. */
  parameter(node: SyntaxNode): Binding | undefined {
    return this.#parameters.get(withoutTypes(node) ?? node);
  }

  /** The variable that `a.b[c].d` begins with. */
  holder(object: SyntaxNode): Binding | undefined {
    let node = withoutTypes(object);
    while (node?.type === "MemberExpression" || node?.type === "ChainExpression") {
      node = withoutTypes(node.type === "MemberExpression" ? node.object : node.expression);
    }
    return node?.type === "Identifier" ? this.bindingOf(node) : undefined;
  }

  /** All that a variable is given. */
  of(binding: Binding): readonly Value[] {
    const given = this.#given.get(binding) ?? [];
    const { node } = binding;
    if (node.type !== "VariableDeclarator") return given;
    const value = node.init ?? this.#heads.get(node);
    if (!value) return given;
    const nested = this.#depthOf(node.id, binding.name) + (node.init ? 0 : 1);
    return [{ node: value, depth: nested }, ...given];
  }

  /** What is assigned to properties of what a variable holds. */
  storedIn(binding: Binding): readonly SyntaxNode[] {
    return this.#stored.get(binding) ?? [];
  }

  #depthOf(pattern: SyntaxNode, name: string): number {
    for (const id of boundIdentifiers(pattern)) {
      if (id.name === name) return depthIn(pattern, id) ?? 0;
    }
    return 0;
  }

  /** The functions of the module that are called so. */
  methods(name: string): readonly SyntaxNode[] {
    return this.#methods.get(name) ?? [];
  }

  /** The functions of the module that a member of an object may be, as far as its name says. */
  methodsNamed(member: Acorn.MemberExpression): readonly SyntaxNode[] {
    const name = memberName(member);
    return name.startsWith("#") ? this.members.privateMethods(member, name) : this.methods(name);
  }

  /** The functions that a call of a member may be of. */
  methodsOf(callee: Acorn.MemberExpression): readonly SyntaxNode[] {
    const functions = this.methodsNamed(callee);
    const node = withoutTypes(callee.object);
    const binding = node?.type === "Identifier" ? this.bindingOf(node) : undefined;
    if (functions.length === 0 || binding === undefined || !this.#isKnown(binding))
      return functions;
    const own = this.functionsOf(binding);
    return functions.filter((fn) => own.has(fn));
  }

  /** Whether the text shows what a variable holds: its methods are in it, or built-in ones. */
  #isKnown(binding: Binding): boolean {
    const values = this.of(binding);
    const isKnown = ({ node, depth }: Value): boolean => {
      const value = withoutTypes(node);
      if (depth > 0 || value === undefined) return false;
      if (value.type !== "NewExpression") return /^(?:Object|Array)Expression$/.test(value.type);
      const { callee } = value;
      if (callee.type !== "Identifier") return false;
      return this.bindingOf(callee) === undefined || this.classOf(callee) !== undefined;
    };
    return values.length > 0 && values.every(isKnown);
  }

  /** The class of the module that an expression names. */
  classOf(given: SyntaxNode): ClassNode | undefined {
    const node = withoutTypes(given);
    if (node === undefined) return undefined;
    if (isClass(node)) return node;
    const binding = node.type === "Identifier" ? this.bindingOf(node) : undefined;
    if (binding === undefined) return undefined;
    if (isClass(binding.node)) return binding.node;
    const [value, ...others] = this.of(binding);
    const made = value && others.length === 0 ? withoutTypes(value.node) : undefined;
    return made && isClass(made) ? made : undefined;
  }

  /** A class, and those of the module that it extends. */
  *lineage(node: ClassNode): Generator<ClassNode> {
    const seen = new Set<ClassNode>();
    for (let each: ClassNode | undefined = node; each && !seen.has(each);) {
      seen.add(each);
      yield each;
      each = each.superClass ? this.classOf(each.superClass) : undefined;
    }
  }

  /** The functions that a variable may hold, in objects and lists as well. */
  functionsOf(binding: Binding): ReadonlySet<SyntaxNode> {
    return this.#functions.of(binding, (functions) => {
      const { node } = binding;
      if (isFunction(node)) functions.add(node);
      else if (isClass(node)) this.#held.membersOf(node, true, functions);
      for (const value of this.of(binding)) this.#held.collect(value.node, functions);
      for (const value of this.storedIn(binding)) this.#held.collect(value, functions);
    });
  }

  /** The functions that may be in what an expression gives. */
  functionsIn(node: SyntaxNode): ReadonlySet<SyntaxNode> {
    const found = new Set<SyntaxNode>();
    this.#held.collect(node, found);
    return found;
  }

  /** Counts a step. @returns Whether there have been too many. */
  isExhausted(): boolean {
    this.#steps += 1;
    return this.#steps > MOST_STEPS;
  }

  /** The expressions whose objects are changed if what an expression gives is changed so deep. */
  *sources(node: SyntaxNode, depth: number): Generator<readonly [SyntaxNode, number]> {
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
        if (this.classOf(node.callee) !== undefined) {
          for (const argument of node.arguments) yield [argument, shallower];
        } else if (node.callee.type === "Identifier" && /^[A-Z]/.test(node.callee.name)) {
          const isGlobal = this.bindingOf(node.callee) === undefined;
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
      for (const fn of callee ? this.functionsIn(callee) : []) {
        for (const value of returned(fn)) yield [value, depth];
      }
      return;
    }
    const name = memberName(callee);
    const host = withoutTypes(callee.object);
    if (host?.type === "Identifier" && this.bindingOf(host) === undefined) {
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
      const methods = this.methodsNamed(callee);
      // A method that does not look at its object, as a static one that makes another, gives nothing of it.
      if (methods.some((fn) => this.#useThis.has(fn))) yield [callee.object, DEEP];
      for (const fn of methods) for (const value of returned(fn)) yield [value, depth];
    }
  }

  /** Whether the variable holds an object that another module could change. */
  isObject(binding: Binding): boolean {
    return this.of(binding).some(({ node, depth }) => {
      const value = withoutTypes(node);
      return depth > 0 || /^(?:Object|Array|New|Call)Expression$/.test(value?.type ?? "");
    });
  }

  /** Whether the variable holds an iterator, which gives each value once. */
  isIterator(binding: Binding): boolean {
    return this.of(binding).some(({ node }) => {
      const call = withoutTypes(node);
      if (call?.type !== "CallExpression") return false;
      const callee = withoutTypes(call.callee);
      if (callee?.type === "MemberExpression") {
        const name = memberName(callee);
        if (name === "" || /^(?:values|keys|entries|matchAll|from)$/.test(name)) return true;
      }
      const functions = callee ? this.functionsIn(callee) : [];
      return [...functions].some((fn) => isFunction(fn) && fn.generator);
    });
  }

  /** Whether the variable holds a regular expression that remembers where it stopped. */
  isStateful(binding: Binding): boolean {
    return this.of(binding).some(({ node }) => {
      const value = withoutTypes(node);
      if (value?.type === "Literal" && "regex" in value)
        return /[gy]/.test(value.regex?.flags ?? "");
      if (value?.type !== "NewExpression" && value?.type !== "CallExpression") return false;
      return value.callee.type === "Identifier" && value.callee.name === "RegExp";
    });
  }
}

/** What a member is called, with the mark of a private one; empty if that is not known. */
export function memberName({ property, computed }: Acorn.MemberExpression): string {
  return keyName(property, computed);
}
