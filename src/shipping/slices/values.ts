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
  childNodes,
  type ClassNode,
  isClass,
  isFunction,
  type SyntaxNode,
  withoutTypes,
} from "../syntax/parser.ts";
import {
  type AssigningNode,
  type CallingNode,
  type Binding,
  boundIdentifiers,
  type Reference,
} from "../syntax/scopes.ts";
import { Flows } from "./flows.ts";
import { isWithin } from "../syntax/free-variables.ts";
import { depthIn, holds, mayBeMethod, memberName } from "./forms.ts";
import { addTo } from "./add-to.ts";
import { FlowGraph } from "./flow-graph.ts";
import { HeldFunctions } from "./held-functions.ts";
import { Members } from "./members.ts";
import { Sources } from "./sources.ts";

/**
 * How much of a module is read for what it changes. A bundle of a whole program may be so large
 * that what follows from what would take minutes: the rest of it is then taken by what stands in
 * it, without what it calls.
 */
const MOST_STEPS = 400_000;
/** Functions that call each other are read so deep inside each other, and deeper ones afterwards. */
export const MOST_NESTED = 40;

/** What a variable is given. */
export interface Value {
  readonly node: SyntaxNode;
  /** How deep in it the variable's own value lies: 1 for `a` in `const { a } = value`. */
  readonly depth: number;
}

export class Values {
  readonly #references = new Map<SyntaxNode, Reference>();
  readonly #parameters = new Map<SyntaxNode, Binding>();
  readonly #given = new Map<Binding, Value[]>();
  readonly #stored = new Map<Binding, SyntaxNode[]>();
  readonly #heads = new Map<SyntaxNode, SyntaxNode>();
  readonly #methods = new Map<string, SyntaxNode[]>();
  #graph = new FlowGraph();
  readonly #outer = new Map<Binding, Binding>();
  readonly #classes = new Map<SyntaxNode, Binding>();
  #held = new HeldFunctions(this, this.#graph);
  readonly members: Members;
  readonly #sources = new Sources(this);
  readonly #holders = new Map<SyntaxNode, SyntaxNode>();
  readonly #tree: ModuleTree;

  /** Functions that use their `this`. */
  readonly #useThis = new Set<SyntaxNode>();
  #steps = 0;

  constructor(tree: ModuleTree) {
    this.#tree = tree;
    this.members = new Members(this, tree.scopes);
    for (const { what, node, holder } of tree.scopes.places) {
      if (holder && (what === "this" || what === "super")) this.#useThis.add(holder);
      if (holder && what === "this") this.#holders.set(node, holder);
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

  /**
   * Finds where calls and assignments put functions. Before, none are known to get anywhere by these.
   *
   * @param ships Whether a call runs in workers what it is given.
   */
  follow(ships: (call: CallingNode) => boolean): void {
    new Flows(this, this.#held, this.#graph, this.#tree).follow(ships);
    if (this.#graph.settle()) return;
    // It is the bundle of a whole program. What its calls do is not known then.
    this.#graph = new FlowGraph();
    this.#held = new HeldFunctions(this, this.#graph, false);
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
    const defaults = node.id.type === "Identifier" ? [] : defaultsOf(node.id, binding.name);
    return [{ node: value, depth: nested }, ...defaults, ...given];
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
    if (node?.type === "NewExpression" && this.classOf(node.callee)) {
      const own = this.functionsIn(node);
      return functions.filter((fn) => own.has(fn));
    }
    const binding = node?.type === "Identifier" ? this.bindingOf(node) : undefined;
    if (functions.length === 0 || binding === undefined || !this.isKnown(binding)) return functions;
    const own = this.functionsOf(binding);
    return functions.filter((fn) => own.has(fn));
  }

  /** Whether the text shows what a variable holds: its methods are in it, or built-in ones. */
  isKnown(binding: Binding): boolean {
    if (isClass(binding.node)) return true;
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
    return this.#graph.in(this.#held.variable(binding));
  }

  /** Those of {@link functionsOf}, but for what calls give a parameter: that runs where the call is read. */
  functionsNear(binding: Binding): ReadonlySet<SyntaxNode> {
    return this.#graph.in(this.#held.near(binding));
  }

  /** Those of {@link functionsIn}, but for what calls give to parameters. */
  functionsNearIn(node: SyntaxNode): ReadonlySet<SyntaxNode> {
    return this.#graph.in(this.#held.expression(node, true));
  }

  get thrown(): readonly SyntaxNode[] {
    return this.#tree.scopes.thrown;
  }

  /** What a function calls its parameters with. */
  *givenToParametersOf(fn: SyntaxNode): Generator<SyntaxNode> {
    for (const call of this.#tree.scopes.calls) {
      if (call.type !== "CallExpression" || !isWithin(call, fn)) continue;
      const callee = withoutTypes(call.callee);
      const binding = callee?.type === "Identifier" ? this.bindingOf(callee) : undefined;
      if (binding?.kind === "parameter" && binding.scope.node === fn) yield* call.arguments;
    }
  }

  /** The function, field or static block of which a `this` is. */
  holderOfThis(node: SyntaxNode): SyntaxNode | undefined {
    return this.#holders.get(node);
  }

  /** The class in which a `this` stands. */
  classOfThis(node: SyntaxNode): ClassNode | undefined {
    const holder = this.#holders.get(node);
    return holder && this.members.classAround(holder);
  }

  /** The functions that may be in what an expression gives. */
  functionsIn(node: SyntaxNode): ReadonlySet<SyntaxNode> {
    return this.#graph.in(this.#held.expression(node));
  }

  usesThis(fn: SyntaxNode): boolean {
    return this.#useThis.has(fn);
  }

  /** Counts a step. @returns Whether there have been too many. */
  isExhausted(): boolean {
    this.#steps += 1;
    return this.#steps > MOST_STEPS;
  }

  /** The expressions whose objects are changed if what an expression gives is changed so deep. */
  sources(node: SyntaxNode, depth: number): Iterable<readonly [SyntaxNode, number]> {
    return this.#sources.of(node, depth);
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

/** What a variable of a pattern is given where nothing else is there for it. */
function* defaultsOf(pattern: SyntaxNode, name: string): Generator<Value> {
  for (const each of childNodes(pattern)) {
    if (each.type === "AssignmentPattern") {
      for (const id of boundIdentifiers(each.left))
        if (id.name === name) yield { node: each.right, depth: depthIn(each.left, id) ?? 0 };
    }
    if (!isFunction(each)) yield* defaultsOf(each, name);
  }
}
