/**
 * The functions that may be in what an expression gives, and in a variable: in objects and lists,
 * and as results of calls. Which property holds what, and what runs first, is not looked at.
 */
import type * as Acorn from "acorn";
import {
  childNodes,
  type ClassNode,
  isClass,
  isFunction,
  type SyntaxNode,
  withoutTypes,
} from "../syntax/parser.ts";
import { type Binding, keyName } from "../syntax/scopes.ts";
import type { FlowGraph, Place } from "./flow-graph.ts";
import { isGlobalObject, isShipper, memberName, returned, shipsByName } from "./forms.ts";
import type { Members } from "./members.ts";

/** What is known of the module's variables: see values.ts. */
interface Known {
  bindingOf(node: SyntaxNode): Binding | undefined;
  of(binding: Binding): readonly { readonly node: SyntaxNode }[];
  storedIn(binding: Binding): readonly SyntaxNode[];
  methodsNamed(member: Acorn.MemberExpression): readonly SyntaxNode[];
  classOf(node: SyntaxNode): ClassNode | undefined;
  classOfThis(node: SyntaxNode): ClassNode | undefined;
  lineage(node: ClassNode): Iterable<ClassNode>;
  readonly members: Members;
  readonly thrown: readonly SyntaxNode[];
  /** What a function calls its parameters with. */
  givenToParametersOf(fn: SyntaxNode): Iterable<SyntaxNode>;
}

/** Stands for all globals. */
const GLOBALS = {};
/** Stands for the members whose names the text does not say. */
const ANY = "";

export class HeldFunctions {
  readonly #values: Known;
  readonly #graph: FlowGraph;
  readonly #followsNames: boolean;

  /**
   * @param followsNames Whether a call or a getter may give what any function of that name gives
   *   back: too much to be followed in the bundle of a whole program. Default: yes.
   */
  constructor(values: Known, graph: FlowGraph, followsNames: boolean = true) {
    this.#values = values;
    this.#graph = graph;
    this.#followsNames = followsNames;
  }

  /** What a variable may hold. */
  variable(binding: Binding): Place {
    return this.#graph.place(binding, "variable", (place) => {
      const { node, kind } = binding;
      if (isFunction(node)) this.#graph.put(node, place);
      else if (isClass(node)) this.#graph.flow(this.#membersOf(node, true), place);
      for (const value of this.#values.of(binding)) this.#add(value.node, place);
      // Also known where calls are not followed.
      for (const value of this.#values.storedIn(binding)) this.#add(value, place);
      if (kind === "catch variable") for (const each of this.#values.thrown) this.#add(each, place);
      this.#graph.flow(this.putInto(binding), place);
    });
  }

  /** What calls and assignments put into a variable, besides what its text says. */
  putInto(binding: Binding): Place {
    return this.#graph.place(binding, "put into");
  }

  /** What a function, or static block, may put into a member of its `this`; any, if the name is empty. */
  putIntoThis(fn: SyntaxNode, name: string): Place {
    return this.#graph.place(fn, `this.${name}`, (place) => {
      if (name === ANY) return;
      this.#graph.flow(place, this.#thisOf(fn));
      this.#graph.flow(this.putIntoThis(fn, ANY), place);
    });
  }

  #thisOf(fn: SyntaxNode): Place {
    return this.#graph.place(fn, "this", (place) =>
      this.#graph.flow(this.putIntoThis(fn, ANY), place),
    );
  }

  /** What may be in a global, or in any if the name is empty. */
  global(name: string): Place {
    if (name === ANY) return this.#graph.place(GLOBALS, "all");
    return this.#graph.place(GLOBALS, `global ${name}`, (place) => {
      this.#graph.flow(place, this.global(ANY));
      this.#graph.flow(this.anyGlobal, place);
    });
  }

  /** What is put into a global whose name the text does not say. */
  get anyGlobal(): Place {
    return this.#graph.place(GLOBALS, "any", (place) => this.#graph.flow(place, this.global(ANY)));
  }

  /**
   * What an expression may give.
   *
   * @param isNear Whether parameters that it names are taken without what calls give them. Default: no.
   */
  expression(given: SyntaxNode, isNear: boolean = false): Place {
    const node = withoutTypes(given) ?? given;
    const what = isNear ? "near value" : "value";
    return this.#graph.place(node, what, (place) => this.#build(node, place, isNear));
  }

  /** What a parameter holds besides what calls, or `throw`, give it; of other variables, all. */
  near(binding: Binding): Place {
    if (!/^(?:parameter|catch variable)$/.test(binding.kind)) return this.variable(binding);
    return this.#graph.place(binding, "near variable", (place) => {
      for (const value of this.#values.of(binding)) this.#add(value.node, place, true);
    });
  }

  /** What a function may give back. */
  #returnedBy(fn: SyntaxNode): Place {
    return this.#graph.place(fn, "returned", (place) => {
      for (const value of returned(fn)) this.#add(value, place);
    });
  }

  #add(node: SyntaxNode | null | undefined, place: Place, isNear: boolean = false): void {
    if (node) this.#graph.flow(this.expression(node, isNear), place);
  }

  #addReturned(fn: SyntaxNode, place: Place): void {
    this.#graph.flow(this.#returnedBy(fn), place);
  }

  /** What functions give back that an expression may give. */
  #addReturnedIn(callee: SyntaxNode, place: Place, isNear: boolean): void {
    this.expression(callee, isNear).ask((fn) => this.#addReturned(fn, place));
  }

  #build(node: SyntaxNode, place: Place, isNear: boolean): void {
    if (isFunction(node)) return this.#graph.put(node, place);
    if (isClass(node)) return this.#graph.flow(this.#membersOf(node, true), place);
    switch (node.type) {
      case "Identifier": {
        const binding = this.#values.bindingOf(node);
        if (binding === undefined) return this.#graph.flow(this.global(node.name), place);
        return this.#graph.flow(isNear ? this.near(binding) : this.variable(binding), place);
      }
      case "ObjectExpression":
        for (const property of node.properties) {
          const value = property.type === "SpreadElement" ? property.argument : property.value;
          this.#add(value, place, isNear);
          if (isFunction(value)) this.#graph.flow(this.#thisOf(value), place);
        }
        return;
      case "ArrayExpression":
        for (const element of node.elements) this.#add(element, place, isNear);
        return;
      case "NewExpression":
        return this.#made(node, place, isNear);
      case "CallExpression":
        return this.#called(node, place, isNear);
      case "ConditionalExpression":
        this.#add(node.consequent, place, isNear);
        return this.#add(node.alternate, place, isNear);
      case "SequenceExpression":
        return this.#add(node.expressions.at(-1), place, isNear);
      case "LogicalExpression":
      case "AssignmentExpression":
      case "AwaitExpression":
      case "ChainExpression":
      case "SpreadElement":
        for (const each of childNodes(node)) this.#add(each, place, isNear);
        return;
      case "ThisExpression":
        return this.#ofThis(node, ANY, place);
      case "MemberExpression":
        return this.#member(node, place, isNear);
      case "TaggedTemplateExpression":
        this.#addReturnedIn(node.tag, place, isNear);
        for (const each of node.quasi.expressions) this.#add(each, place, isNear);
        return;
      default:
    }
  }

  /** What `new` makes of a class, also what is put into its prototype; or of a function. */
  #made(node: SyntaxNode & { type: "NewExpression" }, place: Place, isNear: boolean): void {
    const { callee, arguments: args } = node;
    const own = this.#values.classOf(callee);
    const binding = callee.type === "Identifier" ? this.#values.bindingOf(callee) : undefined;
    if (own !== undefined) {
      this.#graph.flow(this.#membersOf(own, false), place);
      if (binding) this.#graph.flow(this.putInto(binding), place);
    } else if (isShipper(callee)) return this.#shipped(args, place);
    else {
      this.expression(callee, isNear).ask((fn) => {
        this.#graph.put(fn, place);
        this.#graph.flow(this.#thisOf(fn), place);
      });
    }
    if (callee.type === "Identifier" && callee.name === "Promise" && args[0])
      this.expression(args[0], isNear).ask((fn) => {
        for (const value of this.#values.givenToParametersOf(fn)) this.#add(value, place);
      });
    for (const argument of args) this.#add(argument, place, isNear);
  }

  /** What a call may give: what is in its object, what its function returns, and what it is given. */
  #called(node: SyntaxNode & { type: "CallExpression" }, place: Place, isNear: boolean): void {
    const callee = withoutTypes(node.callee);
    const { arguments: args } = node;
    if (callee?.type === "MemberExpression") {
      this.#add(callee, place, isNear);
      if (shipsByName(callee, args.length)) return this.#shipped(args, place);
      if (!this.#followsNames) return this.#given(args, place, isNear);
      for (const fn of this.#values.methodsNamed(callee)) this.#addReturned(fn, place);
      const host = withoutTypes(callee.object);
      const hostName = host?.type === "Identifier" ? host.name : "";
      if (hostName === "Reflect" && args[0]) this.#got(this.expression(args[0], isNear), place);
      // What a callback gives may be what the call gives.
      if (!/^(?:JSON|Math|Object)$/.test(hostName))
        for (const argument of args) this.#addReturnedIn(argument, place, isNear);
    } else if (callee?.type === "Identifier" && callee.name === "toThread") {
      return this.#shipped(args, place);
    } else if (callee) this.#addReturnedIn(callee, place, isNear);
    this.#given(args, place, isNear);
  }

  #given(args: readonly SyntaxNode[], place: Place, isNear: boolean): void {
    for (const argument of args) this.#add(argument, place, isNear);
  }

  /** What a member of an object gives: what is in it, or what a getter, or a proxy, gives back. */
  #member(node: Acorn.MemberExpression, place: Place, isNear: boolean): void {
    const object = withoutTypes(node.object);
    const name = memberName(node);
    if (object?.type === "ThisExpression") return this.#ofThis(object, name, place);
    const isVariable = object?.type === "Identifier";
    if (isVariable && isGlobalObject(object.name) && !this.#values.bindingOf(object))
      this.#graph.flow(this.global(name), place);
    const held = this.expression(node.object, isNear);
    this.#graph.flow(held, place);
    if (!this.#followsNames) return;
    this.#got(held, place);
    if (isVariable) return;
    for (const fn of this.#values.members.accessors(name)) this.#addReturned(fn, place);
  }

  /** What those give back that may be getters. */
  #got(held: Place, place: Place): void {
    held.ask((fn) => {
      if (this.#values.members.gets(fn)) this.#addReturned(fn, place);
    });
  }

  /** What is in a member of `this`; in any, if the name is empty. */
  #ofThis(node: SyntaxNode, name: string, place: Place): void {
    const own = this.#values.classOfThis(node);
    if (own === undefined) return;
    if (name === ANY) return this.#graph.flow(this.#membersOf(own, true), place);
    const from = this.#graph.place(own, `this.${name}`, (all) => {
      for (const value of this.#values.members.named(own, name)) this.#add(value, all);
      for (const each of this.#values.lineage(own)) {
        for (const member of each.body.body) {
          const holder = member.type === "StaticBlock" ? member : member.value;
          if (holder) this.#graph.flow(this.putIntoThis(holder, name), all);
        }
      }
    });
    this.#graph.flow(from, place);
  }

  /** Those of a class, and of the classes that it extends. */
  #membersOf(node: ClassNode, withStatic: boolean): Place {
    return this.#graph.place(node, withStatic ? "all members" : "members", (place) => {
      for (const each of this.#values.lineage(node)) this.#ownMembers(each, withStatic, place);
    });
  }

  #ownMembers(node: ClassNode, withStatic: boolean, place: Place): void {
    for (const member of node.body.body) {
      if (member.type === "StaticBlock") this.#graph.flow(this.#thisOf(member), place);
      else if (member.type === "MethodDefinition") {
        const isConstructor = member.kind === "constructor";
        if (withStatic || (!member.static && !isConstructor)) this.#graph.put(member.value, place);
        this.#graph.flow(this.#thisOf(member.value), place);
      } else if (member.type === "PropertyDefinition" && member.value) {
        if (withStatic || !member.static) this.#add(member.value, place);
      }
    }
  }

  /** What a call in a worker may give back: what its function returns, and what that is given. */
  #shipped([first, ...others]: readonly SyntaxNode[], place: Place): void {
    const options = withoutTypes(first);
    if (options?.type !== "ObjectExpression") {
      if (first) this.#copied(first, place);
      for (const argument of others) this.#add(argument, place);
      return;
    }
    for (const property of options.properties) {
      if (property.type !== "Property") continue;
      const name = keyName(property.key, false);
      if (name === "target") this.#copied(property.value, place);
      else if (/^(?:kw)?args$/.test(name)) this.#add(property.value, place);
    }
  }

  /** What comes back from a worker: of objects their fields, and of what calls give nothing of this thread's. */
  #copied(callee: SyntaxNode, place: Place): void {
    this.expression(callee).ask((fn) => {
      const waiting = [...returned(fn)];
      for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
        const node = withoutTypes(value);
        if (node === undefined) continue;
        if (/^(?:Object|Array|Conditional|Logical)Expression$|^Property$/.test(node.type))
          waiting.push(...childNodes(node));
        else if (isFunction(node) || /^(?:Identifier|NewExpression)$/.test(node.type))
          this.#add(node, place);
      }
    });
  }
}
