/**
 * What code at the top level of a module changes when it runs: the variables that it assigns
 * to, and the objects in variables that it fills.
 *
 * A worker evaluates the declarations that a function reaches, and not the rest of the module.
 * If the rest has changed one of these, the function would find another value in the worker. So
 * what changes a variable either runs with it, if it can run again without any other effect, or
 * the function is refused.
 *
 * What a piece does includes what the functions of the module do that it calls by name, and the
 * functions that it passes as arguments. What else holds a function may call it later, as a
 * handler or an initializer does; that is not seen.
 */
import { isWithin } from "../syntax/free-variables.ts";
import type { ModuleTree } from "../syntax/module-tree.ts";
import { childNodes, isFunction, type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import { type Binding, boundIdentifiers, type Reference } from "../syntax/scopes.ts";
import { isRequired, type Piece, type Pieces } from "./pieces.ts";

export interface Changes {
  /** The module's variables that it changes, besides those that it declares. */
  readonly of: ReadonlySet<Binding>;
  /** Whether it assigns to the variables, or changes what is in them. */
  readonly assigned: ReadonlySet<Binding>;
  /** Why it cannot run in a worker for what it changes: `it awaits`. Undefined if it can. */
  readonly obstacle: string | undefined;
}

/** Globals without effects that anybody could notice. */
const PURE = new Set(
  `undefined NaN Infinity Math Object Array String Number BigInt Boolean Symbol JSON Date RegExp Intl
  Map Set WeakMap WeakSet Reflect Error TypeError RangeError parseInt parseFloat isNaN isFinite
  ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array
  Uint32Array BigInt64Array BigUint64Array Float32Array Float64Array URL URLSearchParams TextEncoder
  TextDecoder structuredClone atob btoa encodeURIComponent decodeURIComponent encodeURI decodeURI`.split(
    /\s+/,
  ),
);

/** Methods that change what they are called on. */
const FILLS =
  /^(?:set|add|push|unshift|pop|shift|fill|delete|clear|splice|sort|reverse|copyWithin|append|set(?:Uint|Int|Big|Float)\w+)$/;
/** Functions of `Object` and `Reflect` that change their first argument. */
const FILLS_ARGUMENT =
  /^(?:assign|definePropert(?:y|ies)|setPrototypeOf|set|deleteProperty|freeze|seal)$/;
/** Methods that loggers have: they print, and change nothing that a function could see. */
const PRINTS =
  /^(?:log|info|warn|error|debug|trace|fatal|verbose|time|timeEnd|timeLog|group|groupEnd|table)$/;

/** How deep the functions are followed that a piece calls. */
const MOST_CALLS = 200;

/** Finds what each piece changes. */
export function changesOf(tree: ModuleTree, pieces: Pieces): ReadonlyMap<Piece, Changes> {
  const reader = new Reader(tree);
  const changes = new Map<Piece, Changes>();
  for (const piece of pieces.all) {
    if (piece.kind === "import" || declaresFunction(piece)) continue;
    const found = reader.read(piece);
    if (found.of.size > 0) changes.set(piece, found);
  }
  return changes;
}

/** A function or class only says what happens when it is called. Static blocks are the class's own. */
function declaresFunction({ node }: Piece): boolean {
  if (isFunction(node)) return true;
  const value = node.type === "VariableDeclarator" ? withoutTypes(node.init) : undefined;
  return value !== undefined && isFunction(value);
}

interface Run {
  readonly changed: Set<Binding>;
  readonly assigned: Set<Binding>;
  /** The functions whose bodies have been read, and those of them that change their `this`. */
  readonly seen: Set<SyntaxNode>;
  readonly changeThis: Set<SyntaxNode>;
  /** The function whose body is being read. */
  body: SyntaxNode | undefined;
  obstacle: string | undefined;
}

class Reader {
  readonly #tree: ModuleTree;
  readonly #byNode = new Map<SyntaxNode, Reference>();

  constructor(tree: ModuleTree) {
    this.#tree = tree;
    for (const reference of tree.scopes.references) this.#byNode.set(reference.node, reference);
  }

  read(piece: Piece): Changes {
    const run: Run = {
      changed: new Set(),
      assigned: new Set(),
      seen: new Set(),
      changeThis: new Set(),
      body: undefined,
      obstacle: undefined,
    };
    const { root, awaits } = this.#tree.scopes;
    const waits = awaits.some(({ node, inside }) => inside === undefined && isWithin(node, piece));
    if (waits) run.obstacle = "it awaits";
    this.#code(piece.node, run, piece);
    // The scope around it is CommonJS's, with `exports`.
    const isOwn = ({ scope }: Binding): boolean => scope === root || scope === root.outer;
    const of = new Set([...run.changed].filter(isOwn));
    for (const binding of piece.bindings) of.delete(binding);
    // Like an initialiser, an assignment may use what it likes.
    const obstacle = !waits && isAssignment(piece.node) ? undefined : run.obstacle;
    return { of, assigned: run.assigned, obstacle };
  }

  /** Reads code that runs: not the functions in it, but those that it calls or passes on. */
  #code(node: SyntaxNode, run: Run, piece: Piece | undefined): void {
    this.#note(node, run, piece);
    for (const each of childNodes(node)) {
      if (isFunction(each)) {
        if (isRun(each, node)) this.#body(each, run);
      } else if (each.type === "ClassDeclaration" || each.type === "ClassExpression") {
        this.#class(each, run);
      } else this.#code(each, run, undefined);
    }
  }

  #body(fn: SyntaxNode, run: Run): void {
    if (run.seen.has(fn) || run.seen.size > MOST_CALLS) return;
    run.seen.add(fn);
    const outer = run.body;
    run.body = fn;
    this.#code(fn, run, undefined);
    run.body = outer;
  }

  /** Its static blocks and fields run where it stands; its constructor when it is called. */
  #class(node: SyntaxNode & { type: "ClassDeclaration" | "ClassExpression" }, run: Run): void {
    if (node.superClass) this.#code(node.superClass, run, undefined);
    for (const member of node.body.body) {
      const isStatic = member.type === "StaticBlock" || ("static" in member && member.static);
      if (isStatic && member.type !== "MethodDefinition") this.#code(member, run, undefined);
    }
  }

  #note(node: SyntaxNode, run: Run, piece: Piece | undefined): void {
    switch (node.type) {
      case "Identifier":
        return this.#use(node, run);
      case "AssignmentExpression":
        return this.#target(node.left, run);
      case "UpdateExpression":
        return this.#target(node.argument, run);
      case "UnaryExpression":
        if (node.operator === "delete") this.#target(node.argument, run);
        return;
      case "ForInStatement":
      case "ForOfStatement":
        if (node.left.type !== "VariableDeclaration") this.#target(node.left, run);
        return;
      case "ExpressionStatement":
        if (piece !== undefined) this.#statementCall(node.expression, run);
        return;
      case "CallExpression":
      case "NewExpression":
        return this.#call(node, run);
      case "TaggedTemplateExpression":
        return this.#calledBy(node.tag, [], run);
      default:
    }
  }

  /** A call of a method on a line of its own is there for what it does to its object. */
  #statementCall(expression: SyntaxNode, run: Run): void {
    let call: SyntaxNode | undefined = withoutTypes(expression);
    if (call?.type === "AwaitExpression") call = withoutTypes(call.argument);
    if (call?.type === "ChainExpression") call = call.expression;
    // `a.b().c()`: what it is about is `a`.
    let callee: SyntaxNode | undefined;
    while (call?.type === "CallExpression") {
      callee = withoutTypes(call.callee);
      const object = callee?.type === "MemberExpression" ? withoutTypes(callee.object) : undefined;
      if (object?.type !== "CallExpression") break;
      call = object;
    }
    if (callee?.type !== "MemberExpression") return;
    if (callee.property.type === "Identifier" && PRINTS.test(callee.property.name)) return;
    this.#fill(callee.object, run);
  }

  #call(node: SyntaxNode & { type: "CallExpression" | "NewExpression" }, run: Run): void {
    const callee = withoutTypes(node.callee);
    if (callee === undefined) return;
    if (callee.type === "MemberExpression" && callee.property.type === "Identifier") {
      const { name } = callee.property;
      if (FILLS.test(name)) this.#fill(callee.object, run);
      const host = withoutTypes(callee.object);
      const isStatic = host?.type === "Identifier" && /^(?:Object|Reflect)$/.test(host.name);
      if (isStatic && FILLS_ARGUMENT.test(name)) this.#fill(node.arguments[0], run);
    }
    this.#calledBy(callee, node.arguments, run);
  }

  /** Reads the functions of this module that a call may be of. */
  #calledBy(given: SyntaxNode, args: readonly SyntaxNode[], run: Run): void {
    const callee = withoutTypes(given);
    if (callee === undefined) return;
    if (isFunction(callee)) return this.#body(callee, run);
    if (callee.type === "Identifier") {
      const declared = this.#declared(this.#byNode.get(callee)?.binding);
      if (declared === undefined) return;
      if (isFunction(declared)) {
        this.#body(declared, run);
        this.#parameters(declared, args, run);
      } else if (declared.type === "ClassDeclaration" || declared.type === "ClassExpression") {
        this.#body(declared, run);
      }
    } else if (callee.type === "MemberExpression") {
      const name = callee.computed ? undefined : (callee.property as { name?: string }).name;
      if (name === undefined || this.#holder(callee.object) === undefined) return;
      for (const site of this.#tree.scopes.functions) {
        if (site.name !== name || site.method === undefined) continue;
        this.#body(site.node, run);
        if (run.changeThis.has(site.node)) this.#fill(callee.object, run);
      }
    }
  }

  /** A function that changes its parameter changes what the call gives it. */
  #parameters(fn: SyntaxNode, args: readonly SyntaxNode[], run: Run): void {
    if (!isFunction(fn)) return;
    for (const [at, parameter] of fn.params.entries()) {
      const argument = args[at];
      if (argument === undefined) continue;
      for (const id of boundIdentifiers(parameter)) {
        const isChanged = [...run.changed].some((binding) => binding.node === id);
        if (isChanged) this.#fill(argument, run);
      }
    }
  }

  /** The function or class that a variable is declared as. */
  #declared(binding: Binding | undefined): SyntaxNode | undefined {
    const node = binding?.node;
    if (node?.type === "VariableDeclarator") return withoutTypes(node.init);
    return node;
  }

  #target(target: SyntaxNode, run: Run): void {
    const node = withoutTypes(target);
    if (node?.type === "MemberExpression") return this.#fill(node.object, run);
    for (const id of boundIdentifiers(node)) {
      const binding = this.#byNode.get(id)?.binding;
      if (binding === undefined) continue;
      run.changed.add(binding);
      run.assigned.add(binding);
    }
  }

  #fill(object: SyntaxNode | undefined, run: Run): void {
    let node = withoutTypes(object);
    while (node?.type === "MemberExpression") node = withoutTypes(node.object);
    if (node?.type === "ThisExpression" && run.body) run.changeThis.add(run.body);
    let binding = node && this.#holder(node);
    while (binding !== undefined && !run.changed.has(binding)) {
      run.changed.add(binding);
      // `const alias = list`: two variables, one object.
      const { node: declared } = binding;
      const value =
        declared.type === "VariableDeclarator" ? withoutTypes(declared.init) : undefined;
      binding = value && this.#holder(value);
    }
  }

  /** The variable that `a.b[c].d` begins with. */
  #holder(object: SyntaxNode): Binding | undefined {
    let node = withoutTypes(object);
    while (node?.type === "MemberExpression") node = withoutTypes(node.object);
    return node?.type === "Identifier" ? this.#byNode.get(node)?.binding : undefined;
  }

  #use(node: SyntaxNode & { name: string }, run: Run): void {
    const reference = this.#byNode.get(node);
    if (reference === undefined || run.obstacle !== undefined) return;
    const { binding, name } = reference;
    if (binding === undefined ? !PURE.has(name) : isFromElsewhere(binding)) {
      run.obstacle = `it uses ${name}`;
    }
  }
}

/** Whether what the variable holds comes from another module. */
function isFromElsewhere({ kind, name, node }: Binding): boolean {
  return kind === "import" || (kind === "implicit" && name === "require") || isRequired(node);
}

function isAssignment(node: SyntaxNode): boolean {
  return node.type === "ExpressionStatement" && node.expression.type === "AssignmentExpression";
}

/** Whether the function runs because of where it stands: called on the spot, or passed on. */
function isRun(fn: SyntaxNode, parent: SyntaxNode): boolean {
  if (parent.type !== "CallExpression" && parent.type !== "NewExpression") return false;
  return parent.callee === fn || (parent.arguments as readonly SyntaxNode[]).includes(fn);
}
