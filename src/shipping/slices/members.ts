/**
 * The members of classes that code uses of `this`, of what is just made, and of what is in their
 * fields. What a variable holds is in values.ts: code that mentions it may run all of that.
 */
import type * as Acorn from "acorn";
import { isWithin } from "../syntax/free-variables.ts";
import { type ClassNode, type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import { type Binding, keyName, type Scopes } from "../syntax/scopes.ts";
import { addTo } from "./add-to.ts";

/** What is known of the module's variables: see values.ts. */
interface Known {
  bindingOf(node: SyntaxNode): Binding | undefined;
  classOf(node: SyntaxNode): ClassNode | undefined;
  lineage(node: ClassNode): Iterable<ClassNode>;
  functionsIn(node: SyntaxNode): ReadonlySet<SyntaxNode>;
}

export class Members {
  readonly #values: Known;
  readonly #classes: ClassNode[] = [];
  readonly #related = new Map<ClassNode, readonly ClassNode[]>();
  /** By its methods, static blocks and the values of its fields. */
  readonly #classOf = new Map<SyntaxNode, ClassNode>();
  /** Getters, also those of what describes a property, and of proxies. */
  readonly #getters = new Set<SyntaxNode>();
  /** Getters and setters by name. */
  readonly #accessors = new Map<string, SyntaxNode[]>();
  /** What only its class can call, with the class, by name. */
  readonly #private = new Map<string, { fn: SyntaxNode; of: SyntaxNode }[]>();

  constructor(values: Known, { classes, functions }: Scopes) {
    this.#values = values;
    for (const { node, name, method } of functions) {
      if (method && /^[gs]et$/.test(method.kind)) addTo(this.#accessors, name, node);
      if (method?.kind === "get" || name === "get") this.#getters.add(node);
    }
    for (const { node } of classes) {
      this.#classes.push(node);
      for (const member of node.body.body) this.#note(member, node);
    }
  }

  #note(member: ClassNode["body"]["body"][number], of: ClassNode): void {
    if (member.type === "StaticBlock") return void this.#classOf.set(member, of);
    const { key, value: fn } = member;
    this.#classOf.set(member, of);
    if (!fn) return;
    this.#classOf.set(fn, of);
    const name = keyName(key, member.computed);
    if (key.type === "PrivateIdentifier") addTo(this.#private, name, { fn, of });
  }

  /** The class of a method, a field or a static block. */
  classAround(holder: SyntaxNode): ClassNode | undefined {
    return this.#classOf.get(holder);
  }

  /** The private methods that a member may be. */
  privateMethods(member: Acorn.MemberExpression, name: string): readonly SyntaxNode[] {
    const all = this.#private.get(name) ?? [];
    return all.filter(({ of }) => isWithin(member, of)).map(({ fn }) => fn);
  }

  /**
   * What may run since a member is read or set: what does that, methods, which may be called later by
   * another name, and what is in fields.
   *
   * @param holder The function, or static block, whose `this` is meant.
   */
  used(object: SyntaxNode, name: string, holder: SyntaxNode | undefined): readonly SyntaxNode[] {
    const classes = [...this.#classesOf(object, holder)];
    const members = classes.flatMap((each) => [...this.named(each, name)]);
    if (classes.length > 0) return members;
    if (!this.#isHeld(object)) return this.accessors(name);
    if (withoutTypes(object)?.type === "Identifier") return [];
    // What a getter of the variable's gives is not in it.
    const accessors = this.accessors(name);
    const functions = accessors.length > 0 ? this.#values.functionsIn(object) : new Set();
    return accessors.filter((fn) => functions.has(fn));
  }

  /** Whether a function is a getter, or one by which properties are read. */
  gets(fn: SyntaxNode): boolean {
    return this.#getters.has(fn);
  }

  /** What reads or sets a member of that name, of any object. */
  accessors(name: string): readonly SyntaxNode[] {
    return this.#accessors.get(name) ?? [];
  }

  /** Whether a variable holds the object: to mention it says that all in it may run. */
  #isHeld(given: SyntaxNode): boolean {
    let node = withoutTypes(given);
    while (node?.type === "MemberExpression") node = withoutTypes(node.object);
    const binding = node?.type === "Identifier" ? this.#values.bindingOf(node) : undefined;
    return binding !== undefined && !/^(?:parameter|catch variable)$/.test(binding.kind);
  }

  /** Those of that name which an object may have that a class has made, or what extends it. */
  *named(node: ClassNode, name: string): Generator<SyntaxNode> {
    for (const each of this.#relatedTo(node)) {
      for (const member of each.body.body) {
        if (member.type === "StaticBlock" || !member.value) continue;
        if (name === "" || keyName(member.key, member.computed) === name) yield member.value;
      }
    }
  }

  /** A class, those that it extends, and those that extend it. */
  #relatedTo(node: ClassNode): readonly ClassNode[] {
    let related = this.#related.get(node);
    if (related === undefined) {
      const above = new Set(this.#values.lineage(node));
      related = this.#classes.filter(
        (each) => above.has(each) || [...this.#values.lineage(each)].includes(node),
      );
      this.#related.set(node, related);
    }
    return related;
  }

  /** The classes of the object that an expression gives, where it needs no variable to say so. */
  *#classesOf(given: SyntaxNode, holder: SyntaxNode | undefined): Generator<ClassNode> {
    const node = withoutTypes(given);
    const isThis = node?.type === "ThisExpression" || node?.type === "Super";
    const made = node?.type === "NewExpression" ? this.#values.classOf(node.callee) : undefined;
    const own = isThis ? holder && this.#classOf.get(holder) : made;
    if (own !== undefined) yield own;
    if (node?.type !== "MemberExpression") return;
    const name = keyName(node.property, node.computed);
    for (const each of this.#classesOf(node.object, holder)) {
      if (name === "constructor") yield each;
      for (const value of this.named(each, name))
        if (value.type === "NewExpression") yield* this.#classesOf(value, holder);
    }
  }
}
