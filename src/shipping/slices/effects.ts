/**
 * Which variables code changes when it runs, and how deep in what they hold.
 *
 * What is changed in an object is changed in all variables that may hold it, and what a function
 * changes in its parameters and in its `this`, in what each call gives it.
 */
import { isFunction, type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import type { Binding } from "../syntax/scopes.ts";
import { APPLIES, depthIn, fills, FILLS_ARGUMENT, MATCHES, memberName } from "./forms.ts";
import { isMemo } from "./memo.ts";
import { DEEP } from "./sources.ts";
import type { Values } from "./values.ts";

/** Where code stands. */
export interface Frame {
  /** The function whose body it is. */
  readonly body: SyntaxNode | undefined;
  /** The function, or static block, whose `this` is meant. */
  readonly holder: SyntaxNode | undefined;
}

export class Effects {
  /** How deep in what the variables hold: 0 is the variable or the object itself. */
  readonly changed: Map<Binding, Set<number>> = new Map();
  readonly assigned: Set<Binding> = new Set();
  readonly #values: Values;
  readonly #text: string;
  /** What has been noted. */
  readonly #known = new Set<string>();
  /** Functions that change their `this`, and how deep in it. */
  readonly #changeThis = new Map<SyntaxNode, Set<number>>();
  /** Of the parameters and `arguments` of a function, those that have changed. */
  readonly #parametersChanged = new Map<SyntaxNode, Set<Binding>>();
  #frame: Frame = { body: undefined, holder: undefined };

  constructor(values: Values, text: string) {
    this.#values = values;
    this.#text = text;
  }

  get frame(): Frame {
    return this.#frame;
  }

  /** Reads code of another frame. */
  within(frame: Frame, read: () => void): void {
    const before = this.#frame;
    this.#frame = frame;
    read();
    this.#frame = before;
  }

  /** How deep the function changes its `this`. */
  depthsInThis(fn: SyntaxNode): Iterable<number> {
    return this.#changeThis.get(fn) ?? [];
  }

  /** Whether the function changes what it is called on or given. */
  changesWhatItGets(fn: SyntaxNode): boolean {
    return this.#changeThis.has(fn) || this.changedParameters(fn).length > 0;
  }

  /** Which parameters the function changes, how deep in what they are given, and whether they are several. */
  changedParameters(fn: SyntaxNode): (readonly [at: number, depth: number, isRest: boolean])[] {
    if (!isFunction(fn)) return [];
    const found: [number, number, boolean][] = [];
    for (const binding of this.#parametersChanged.get(fn) ?? []) {
      const depths = this.changed.get(binding) ?? [];
      if (binding.name === "arguments" && binding.node === fn) found.push([0, DEEP, true]);
      if (binding.kind !== "parameter") continue;
      for (const [at, parameter] of fn.params.entries()) {
        const nested = depthIn(parameter, binding.node);
        if (nested === undefined) continue;
        const isRest = parameter.type === "RestElement";
        // To assign to a parameter changes nothing else.
        for (const depth of depths) {
          if (depth >= 0) found.push([at, Math.min(DEEP, depth + nested - Number(isRest)), isRest]);
        }
      }
    }
    return found;
  }

  /** A method that fills what it is called on, or given, by its name. */
  methodCall(
    callee: SyntaxNode & { type: "MemberExpression" },
    args: readonly SyntaxNode[],
    known: { isLibrary(object: Binding): boolean },
  ): void {
    if (callee.property.type !== "Identifier" || callee.computed) return;
    const { name } = callee.property;
    const object = this.#values.holder(callee.object);
    if (fills(name) && !(object && known.isLibrary(object))) this.fill(callee.object, 0);
    if (MATCHES.test(name) && object && this.#values.isStateful(object))
      this.fill(callee.object, 0);
    const host = withoutTypes(callee.object);
    const isStatic = host?.type === "Identifier" && /^(?:Object|Reflect)$/.test(host.name);
    if (isStatic && FILLS_ARGUMENT.test(name) && args[0]) this.fill(args[0], 0);
    if (host?.type === "Identifier" && host.name === "Array" && name === "from" && args[0])
      this.consume(args[0]);
  }

  /** A function that is passed to a method gets what is in the method's object, and the other arguments. */
  callback(given: SyntaxNode, callee: SyntaxNode, args: readonly SyntaxNode[]): void {
    if (callee.type !== "MemberExpression") return;
    const isApplied = APPLIES.test(memberName(callee));
    for (const fn of this.#values.functionsNearIn(given)) {
      for (const [, depth] of this.changedParameters(fn)) {
        if (!isApplied) this.fill(callee.object, depth + 1);
        for (const other of args) if (other !== given) this.fill(other, depth);
      }
    }
  }

  /** A function that changes its parameter changes what the call gives it. */
  parameters(fn: SyntaxNode, args: readonly SyntaxNode[]): void {
    for (const [at, depth, isRest] of this.changedParameters(fn)) {
      for (const argument of isRest ? args.slice(at) : args.slice(at, at + 1)) {
        this.fill(argument, depth);
      }
    }
  }

  target(target: SyntaxNode): void {
    const node = withoutTypes(target);
    switch (node?.type) {
      case "MemberExpression":
        return this.fill(node.object, 0);
      case "ObjectPattern":
        for (const property of node.properties) {
          this.target(property.type === "RestElement" ? property.argument : property.value);
        }
        return;
      case "ArrayPattern":
        for (const element of node.elements) if (element) this.target(element);
        return;
      case "AssignmentPattern":
        return this.target(node.left);
      case "RestElement":
        return this.target(node.argument);
      case "Identifier": {
        const binding = this.#values.bindingOf(node);
        if (binding === undefined) return;
        this.note(binding, ASSIGNED);
        this.assigned.add(binding);
        return;
      }
      default:
    }
  }

  note(binding: Binding, depth: number): void {
    const depths = this.changed.get(binding) ?? new Set();
    depths.add(depth);
    this.changed.set(binding, depths);
    if (binding.kind !== "parameter" && binding.name !== "arguments") return;
    const fn = binding.scope.node;
    this.#parametersChanged.set(fn, (this.#parametersChanged.get(fn) ?? new Set()).add(binding));
  }

  consume(given: SyntaxNode | null | undefined): void {
    const binding = given && this.#values.holder(given);
    if (given && binding && this.#values.isIterator(binding)) this.fill(given, 0);
  }

  /**
   * Notes a change of an object: in all variables that may hold it.
   *
   * @param depth How deep inside of what the expression gives: 0 is that object itself.
   */
  fill(given: SyntaxNode, depth: number): void {
    // Not by recursion: variables that are given to each other may be more than the stack holds.
    const waiting: (readonly [SyntaxNode, number])[] = [[given, depth]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [inner, at] = next;
      const node = withoutTypes(inner);
      if (node !== undefined) waiting.push(...this.#filled(node, at));
    }
  }

  /** @returns What else is changed by that. */
  *#filled(node: SyntaxNode, depth: number): Generator<readonly [SyntaxNode, number]> {
    if (node.type === "ThisExpression") {
      // A static block's is the class.
      if (this.#frame.holder === undefined) return;
      const depths = this.#changeThis.get(this.#frame.holder) ?? new Set();
      this.#changeThis.set(this.#frame.holder, depths.add(depth));
      return;
    }
    const key = `${node.start}:${node.end}:${depth}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    if (node.type === "Identifier") {
      yield* this.#filledVariable(node, depth);
      return;
    }
    if (isConstructorOfThis(node) && this.#frame.holder !== undefined) {
      const variable = this.#values.classVariable(this.#frame.holder);
      if (variable) this.note(variable, depth);
    }
    yield* this.#values.sources(node, depth);
  }

  *#filledVariable(node: SyntaxNode, depth: number): Generator<readonly [SyntaxNode, number]> {
    const binding = this.#values.bindingOf(node);
    if (binding === undefined) return;
    // What is somewhere in an object may be changed by its methods, but they hardly change a function.
    if (depth === DEEP && isDeclaredFunction(binding)) return;
    if (isMemo(binding, this.#frame.body, this.#text)) return;
    this.note(binding, depth);
    for (const value of this.#values.of(binding))
      yield [value.node, Math.min(DEEP, depth + value.depth)];
    if (depth === 0) return;
    for (const value of this.#values.storedIn(binding))
      yield [value, depth === DEEP ? DEEP : depth - 1];
  }
}

/** Whether it is `this.constructor`: the class whose method uses it. */
function isConstructorOfThis(node: SyntaxNode): boolean {
  if (node.type !== "MemberExpression" || node.object.type !== "ThisExpression") return false;
  return node.property.type === "Identifier" && node.property.name === "constructor";
}

/** Whether the variable is declared as a function, and is always that. */
function isDeclaredFunction({ node, references }: Binding): boolean {
  if (references.some(({ isWrite }) => isWrite)) return false;
  const value = node.type === "VariableDeclarator" ? withoutTypes(node.init) : node;
  return value !== undefined && isFunction(value);
}

/** The depth of an assignment to a variable, which changes no object. */
const ASSIGNED = -1;
