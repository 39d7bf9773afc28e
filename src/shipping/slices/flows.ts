/**
 * Where the calls and assignments of a module put functions: into parameters, and into the objects
 * that they are called on or given.
 *
 * A function may be called by any variable that it comes to, so what matters is that none is missed:
 * which property holds it, in which order things happen, and whether a call ever runs is not looked
 * at.
 */
import type * as Acorn from "acorn";
import { isWithin } from "../syntax/free-variables.ts";
import type { ModuleTree } from "../syntax/module-tree.ts";
import {
  childNodes,
  type ClassNode,
  isFunction,
  type SyntaxNode,
  withoutTypes,
} from "../syntax/parser.ts";
import { type Binding, boundIdentifiers, type CallingNode } from "../syntax/scopes.ts";
import { addTo } from "./add-to.ts";
import type { FlowGraph, Place } from "./flow-graph.ts";
import {
  APPLIES,
  constructorOf,
  FILLS_ARGUMENT,
  isGlobalObject,
  memberName,
  ONLY_CALLS,
  returned,
} from "./forms.ts";
import type { HeldFunctions } from "./held-functions.ts";

/** What is known of the module's variables: see values.ts. */
interface Known {
  bindingOf(node: SyntaxNode): Binding | undefined;
  parameter(node: SyntaxNode): Binding | undefined;
  holderOfThis(node: SyntaxNode): SyntaxNode | undefined;
  of(binding: Binding): readonly { readonly node: SyntaxNode; readonly depth: number }[];
  isKnown(binding: Binding): boolean;
  sources(node: SyntaxNode, depth: number): Iterable<readonly [SyntaxNode, number]>;
  classOf(node: SyntaxNode): ClassNode | undefined;
  lineage(node: ClassNode): Iterable<ClassNode>;
  methodsNamed(member: Acorn.MemberExpression): readonly SyntaxNode[];
}

/** As deep as objects are kept apart. */
const MOST_DEEP = 2;

export class Flows {
  readonly #values: Known;
  readonly #held: HeldFunctions;
  readonly #graph: FlowGraph;
  readonly #tree: ModuleTree;
  readonly #argumentsOf = new Map<SyntaxNode, Binding>();
  /** What parameters are given. */
  readonly #given = new Map<Binding, Set<SyntaxNode>>();
  /** The places for what is put into variables, and how deep. */
  readonly #filled = new Map<Binding, (readonly [Place, number])[]>();

  constructor(values: Known, held: HeldFunctions, graph: FlowGraph, tree: ModuleTree) {
    this.#values = values;
    this.#held = held;
    this.#graph = graph;
    this.#tree = tree;
    for (const { name, binding } of tree.scopes.references)
      if (name === "arguments" && binding) this.#argumentsOf.set(binding.node, binding);
  }

  /** @param ships Whether a call runs in workers what it is given. */
  follow(ships: (call: CallingNode) => boolean): void {
    const { assignments, calls, functions } = this.#tree.scopes;
    for (const { node } of functions)
      for (const parameter of node.params) this.#giveDefaults(parameter);
    for (const node of assignments) {
      const left = node.type === "AssignmentExpression" && withoutTypes(node.left);
      if (left && left.type === "MemberExpression") this.#keepIn(left, [node.right]);
    }
    for (const call of calls) if (!ships(call)) this.#call(call);
  }

  #call(node: CallingNode): void {
    const isTag = node.type === "TaggedTemplateExpression";
    const callee = withoutTypes(isTag ? node.tag : node.callee);
    const given = isTag ? [undefined, ...node.quasi.expressions] : node.arguments;
    const args = given.filter((each) => each !== undefined).filter(mayHoldFunction);
    if (callee === undefined || args.length === 0) return;
    if (callee.type === "Super") return this.#construct(this.#superClass(callee), given);
    const made = node.type === "NewExpression" ? this.#values.classOf(callee) : undefined;
    if (made !== undefined) return this.#construct(made, given);
    if (callee.type === "MemberExpression") return this.#method(callee, given, args);
    this.#held.expression(callee).ask((fn) => this.#pass(fn, given));
    // One of the language may call what it is given with the rest.
    if (callee.type === "Identifier" && this.#values.bindingOf(callee) === undefined)
      this.#callbacks(args, args);
  }

  #method(
    callee: Acorn.MemberExpression,
    given: readonly (SyntaxNode | undefined)[],
    args: readonly SyntaxNode[],
  ): void {
    const name = memberName(callee);
    const host = withoutTypes(callee.object);
    if (APPLIES.test(name)) {
      const functions = this.#held.expression(callee.object);
      return functions.ask((fn) => this.#passSomewhere(fn, args));
    }
    if (host?.type === "Identifier" && this.#values.bindingOf(host) === undefined) {
      const [first, ...others] = args;
      if (first === undefined) return;
      if (FILLS_ARGUMENT.test(name))
        for (const each of others)
          this.#graph.flow(this.#held.expression(each), this.#inside(first, 0));
      if (/^(?:apply|construct)$/.test(name))
        this.#held.expression(first).ask((fn) => this.#passSomewhere(fn, others));
      return this.#callbacks(args, args);
    }
    this.#passToMethods(callee, name, given);
    if (!ONLY_CALLS.test(name)) this.#keepIn(callee, args);
    else this.#callbacks(args, [callee.object, ...args]);
  }

  #passToMethods(
    callee: Acorn.MemberExpression,
    name: string,
    given: readonly (SyntaxNode | undefined)[],
  ): void {
    const held = this.#held.expression(callee.object);
    if (name === "") return held.ask((fn) => this.#pass(fn, given));
    const named = this.#values.methodsNamed(callee);
    const host = withoutTypes(callee.object);
    const binding = host?.type === "Identifier" ? this.#values.bindingOf(host) : undefined;
    const isKnown =
      (binding !== undefined && this.#values.isKnown(binding)) ||
      (host?.type === "NewExpression" && this.#values.classOf(host.callee) !== undefined);
    if (!isKnown) for (const fn of named) this.#pass(fn, given);
    else if (named.length > 0)
      held.ask((fn) => {
        if (named.includes(fn)) this.#pass(fn, given);
      });
  }

  #superClass(node: SyntaxNode): ClassNode | undefined {
    // The innermost comes last.
    const around = this.#tree.scopes.classes.filter((each) => isWithin(node, each.node));
    const above = around.at(-1)?.node.superClass;
    return above ? this.#values.classOf(above) : undefined;
  }

  /** The first constructor of a class, or of those that it extends, gets what is given. */
  #construct(made: ClassNode | undefined, given: readonly (SyntaxNode | undefined)[]): void {
    for (const each of made ? this.#values.lineage(made) : []) {
      const own = constructorOf(each);
      if (own) return this.#pass(own, given);
    }
  }

  /** Functions that are given may be called with what is given with them. */
  #callbacks(args: readonly SyntaxNode[], values: readonly SyntaxNode[]): void {
    for (const argument of args) {
      const others = values.filter((each) => each !== argument);
      if (others.length === 0 || /^(?:Object|Array)Expression$/.test(argument.type)) continue;
      this.#held.expression(argument).ask((fn) => this.#passSomewhere(fn, others));
    }
  }

  /** The parameters of a function get what a call gives. */
  #pass(fn: SyntaxNode, given: readonly (SyntaxNode | undefined)[]): void {
    if (!isFunction(fn)) return;
    const spread = given.findIndex((each) => each?.type === "SpreadElement");
    for (const [at, parameter] of fn.params.entries()) {
      const isSpread = spread !== -1 && at >= spread;
      const isRest = parameter.type === "RestElement";
      this.#give(parameter, isRest || isSpread ? given.slice(isSpread ? spread : at) : [given[at]]);
    }
    this.#giveTo(this.#argumentsOf.get(fn), given);
  }

  #passSomewhere(fn: SyntaxNode, values: readonly SyntaxNode[]): void {
    if (!isFunction(fn)) return;
    for (const parameter of fn.params) this.#give(parameter, values);
    this.#giveTo(this.#argumentsOf.get(fn), values);
  }

  #giveDefaults(pattern: SyntaxNode): void {
    if (pattern.type === "Identifier" || isFunction(pattern)) return;
    if (pattern.type === "AssignmentPattern") this.#give(pattern.left, [pattern.right]);
    for (const each of childNodes(pattern)) this.#giveDefaults(each);
  }

  #give(parameter: SyntaxNode, values: readonly (SyntaxNode | undefined)[]): void {
    for (const id of boundIdentifiers(parameter)) this.#giveTo(this.#values.parameter(id), values);
  }

  #giveTo(binding: Binding | undefined, values: readonly (SyntaxNode | undefined)[]): void {
    if (binding === undefined) return;
    let known = this.#given.get(binding);
    if (known === undefined) this.#given.set(binding, (known = new Set()));
    for (const value of values) {
      if (value === undefined || known.has(value) || !mayHoldFunction(value)) continue;
      known.add(value);
      this.#graph.flow(this.#held.expression(value), this.#held.putInto(binding));
      for (const [place, depth] of this.#filled.get(binding) ?? [])
        this.#graph.flow(place, this.#inside(value, depth));
    }
  }

  /** Puts values into the object of which something is a member. */
  #keepIn(member: Acorn.MemberExpression, values: readonly SyntaxNode[]): void {
    const place = this.#member(member);
    for (const value of values.filter(mayHoldFunction))
      this.#graph.flow(this.#held.expression(value), place);
  }

  /** The place for what is put into a member. */
  #member(member: Acorn.MemberExpression, depth: number = 0): Place {
    const object = withoutTypes(member.object) ?? member.object;
    const name = memberName(member);
    const holder = this.#values.holderOfThis(object);
    if (holder !== undefined) return this.#held.putIntoThis(holder, name);
    const isGlobal =
      object.type === "Identifier" &&
      isGlobalObject(object.name) &&
      this.#values.bindingOf(object) === undefined;
    if (isGlobal) return name === "" ? this.#held.anyGlobal : this.#held.global(name);
    return this.#inside(object, depth);
  }

  /** The place for what is put into what an expression gives: 0 deep is that object itself. */
  #inside(given: SyntaxNode, depth: number): Place {
    const node = withoutTypes(given) ?? given;
    return this.#graph.place(node, `inside ${depth}`, (place) => {
      const into = (target: Place): void => this.#graph.flow(place, target);
      if (node.type === "ThisExpression") {
        const holder = this.#values.holderOfThis(node);
        if (holder !== undefined) into(this.#held.putIntoThis(holder, ""));
      } else if (node.type === "MemberExpression") into(this.#member(node, deeper(depth, 1)));
      else if (node.type === "Identifier") {
        const binding = this.#values.bindingOf(node);
        if (binding === undefined) into(this.#held.global(node.name));
        else if (binding.kind !== "import") into(this.#insideVariable(binding, depth));
      } else if (node.type === "CallExpression" && node.callee.type === "Identifier") {
        this.#held.expression(node.callee).ask((fn) => {
          for (const value of returned(fn)) into(this.#inside(value, depth));
        });
      } else {
        for (const [inner, at] of this.#values.sources(node, depth))
          into(this.#inside(inner, Math.min(MOST_DEEP, at)));
      }
    });
  }

  /** What is put into a variable's object is put into where that comes from. */
  #insideVariable(binding: Binding, depth: number): Place {
    return this.#graph.place(binding, `inside ${depth}`, (place) => {
      this.#graph.flow(place, this.#held.putInto(binding));
      for (const value of this.#values.of(binding))
        this.#graph.flow(place, this.#inside(value.node, deeper(depth, value.depth)));
      addTo(this.#filled, binding, [place, depth]);
      for (const value of this.#given.get(binding) ?? [])
        this.#graph.flow(place, this.#inside(value, depth));
    });
  }
}

function deeper(depth: number, by: number): number {
  return Math.min(MOST_DEEP, depth + by);
}

/** Whether what an expression gives may be a function, or an object that has one in it. */
function mayHoldFunction({ type }: SyntaxNode): boolean {
  return !/^(?:Literal|TemplateLiteral|BinaryExpression|UnaryExpression|UpdateExpression|MetaProperty)$/.test(
    type,
  );
}
