/**
 * The members of classes that code uses of `this`, of what is just made, and of what is in their
 * fields. What a variable holds is in values.ts: code that mentions it may run all of that.
 */
import type * as Acorn from "acorn";
import { isWithin } from "../syntax/free-variables.ts";
import { type ClassNode, isFunction, type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import { type Binding, type ClassSite, keyName } from "../syntax/scopes.ts";
import { addTo } from "./growing-sets.ts";

/** What is known of the module's variables: see values.ts. */
interface Known {
  bindingOf(node: SyntaxNode): Binding | undefined;
  classOf(node: SyntaxNode): ClassNode | undefined;
  lineage(node: ClassNode): Iterable<ClassNode>;
}

export class Members {
  readonly #values: Known;
  readonly #classes: ClassNode[] = [];
  /** By its methods, static blocks and the values of its fields. */
  readonly #classOf = new Map<SyntaxNode, ClassNode>();
  /** Getters and setters by name. */
  readonly #accessors = new Map<string, SyntaxNode[]>();
  /** What only its class can call, with the class, by name. */
  readonly #private = new Map<string, { fn: SyntaxNode; of: SyntaxNode }[]>();

  constructor(values: Known, classes: readonly ClassSite[]) {
    this.#values = values;
    for (const { node } of classes) {
      this.#classes.push(node);
      for (const member of node.body.body) this.#note(member, node);
    }
  }

  #note(member: ClassNode["body"]["body"][number], of: ClassNode): void {
    if (member.type === "StaticBlock") return void this.#classOf.set(member, of);
    const { key, value: fn } = member;
    if (!fn) return;
    this.#classOf.set(fn, of);
    const name = keyName(key, member.computed);
    if (key.type === "PrivateIdentifier") addTo(this.#private, name, { fn, of });
    if (member.type === "MethodDefinition" && /^[gs]et$/.test(member.kind))
      addTo(this.#accessors, name, fn);
  }

  /** The private methods that a member may be. */
  privateMethods(member: Acorn.MemberExpression, name: string): readonly SyntaxNode[] {
    const all = this.#private.get(name) ?? [];
    return all.filter(({ of }) => isWithin(member, of)).map(({ fn }) => fn);
  }

  /**
   * The functions that may run since a member is read or set: what does that, and methods, which may
   * be called later by another name.
   *
   * @param holder The function, or static block, whose `this` is meant.
   */
  used(object: SyntaxNode, name: string, holder: SyntaxNode | undefined): readonly SyntaxNode[] {
    const classes = [...this.#classesOf(object, holder)];
    const members = classes.flatMap((each) => [...this.#named(each, name)]).filter(isFunction);
    return [...members, ...this.#ofParameter(object, name)];
  }

  /** The text does not say what a parameter holds: of any object, what reads or sets the member. */
  #ofParameter(object: SyntaxNode, name: string): readonly SyntaxNode[] {
    if (object.type !== "Identifier") return [];
    const isParameter = this.#values.bindingOf(object)?.kind === "parameter";
    return isParameter ? (this.#accessors.get(name) ?? []) : [];
  }

  /** Those of that name which an object may have that a class has made, or what extends it. */
  *#named(node: ClassNode, name: string): Generator<SyntaxNode> {
    const own = new Set(this.#values.lineage(node));
    for (const each of this.#classes) {
      if (!own.has(each) && ![...this.#values.lineage(each)].includes(node)) continue;
      for (const member of each.body.body) {
        if (member.type === "StaticBlock" || !member.value) continue;
        if (keyName(member.key, member.computed) === name) yield member.value;
      }
    }
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
      for (const value of this.#named(each, name))
        if (value.type === "NewExpression") yield* this.#classesOf(value, holder);
    }
  }
}
