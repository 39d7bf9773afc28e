/**
 * Which variables a function uses from outside itself.
 *
 * A walk over the syntax tree that keeps the names bound around each node. Each
 * scope declares its names before its nodes are visited, so hoisting needs no
 * care, and a name in a binding position simply finds itself declared.
 *
 * Unsure means "uses it": a false alarm has a fix that its message names, while
 * a missed variable fails in another thread, or is silently another one.
 */
import type { Class, Function, MemberExpression, Pattern, Program } from "acorn";
import { childNodes, type ParsedFunction, type SyntaxNode } from "./parser.ts";
import {
  bodyScope,
  boundNames,
  lexicalNames,
  moduleScope,
  parameterScope,
  type Receiver,
  Scope,
} from "./scope.ts";

/** What ties a function to the place where it was written. */
export interface FreeVariables {
  /** Each name from outside, globals included, with where it is first used in the function's text. */
  readonly names: ReadonlyMap<string, number>;
  /** The names from outside that the function assigns to. */
  readonly assigned: ReadonlySet<string>;
  /** The names that the function asks about with `typeof`. */
  readonly probed: ReadonlySet<string>;
  /** Syntax that means something only where it was written, such as `this` or `import.meta`. */
  readonly syntax: ReadonlySet<string>;
}

/** Finds the free variables of a parsed function. */
export function freeVariables({ node, offset }: ParsedFunction): FreeVariables {
  const walk = new Walk(offset);
  walk.root(node as (Function | Class) & SyntaxNode);
  return walk;
}

/** Called for each function of a module, with the scope around it. */
export type OnFunction = (node: Function & SyntaxNode, around: Scope) => void;

/** Visits the functions of a module, nested ones included. */
export function visitFunctions(program: Program, onFunction: OnFunction): void {
  new Walk(0, onFunction).module(program);
}

class Walk implements FreeVariables {
  readonly names: Map<string, number> = new Map();
  readonly assigned: Set<string> = new Set();
  readonly probed: Set<string> = new Set();
  readonly syntax: Set<string> = new Set();
  readonly #offset: number;
  readonly #onFunction: OnFunction | undefined;

  constructor(offset: number, onFunction?: OnFunction) {
    this.#offset = offset;
    this.#onFunction = onFunction;
  }

  module(program: Program): void {
    this.#children(program, moduleScope(program));
  }

  root(node: (Function | Class) & SyntaxNode): void {
    const outside = new Scope();
    if (node.type === "ClassExpression") this.#visit(node, outside);
    else this.#function(node as Function & SyntaxNode, outside, "outer");
  }

  #visit(node: SyntaxNode, scope: Scope): void {
    switch (node.type) {
      case "Identifier":
        return this.#use(node.name, node.start, scope);
      case "ThisExpression":
        if (scope.receiver === "outer") this.syntax.add("this");
        return;
      case "Super":
        if (scope.receiver === "outer") this.syntax.add("super");
        return;
      case "MetaProperty":
        if (node.meta.name === "import") this.syntax.add("import.meta");
        else if (!scope.has("new.target")) this.syntax.add("new.target");
        return;
      case "PrivateIdentifier":
        if (!scope.has(`#${node.name}`)) this.syntax.add(`#${node.name}`);
        return;
      case "ImportExpression":
        return this.#dynamicImport(node, scope);
      case "CallExpression":
        if (
          node.callee.type === "Identifier" &&
          node.callee.name === "eval" &&
          !scope.has("eval")
        ) {
          this.syntax.add("eval()");
        }
        return this.#children(node, scope);

      case "AssignmentExpression":
        this.#assign(node.left, scope);
        return this.#children(node, scope);
      case "UpdateExpression":
        this.#assign(node.argument, scope);
        return this.#children(node, scope);
      case "UnaryExpression":
        if (node.operator === "typeof" && node.argument.type === "Identifier") {
          this.probed.add(node.argument.name);
        }
        return this.#children(node, scope);

      case "MemberExpression":
        return this.#member(node, scope);
      case "Property":
      case "MethodDefinition":
      case "PropertyDefinition":
        if (node.computed) this.#visit(node.key, scope);
        if (node.value) this.#value(node, node.value, scope);
        return;
      case "LabeledStatement":
        return this.#visit(node.body, scope);
      case "BreakStatement":
      case "ContinueStatement":
        return;
      default:
        return this.#visitScoped(node, scope);
    }
  }

  /** Visits what has a scope of its own, and all that needs no care. */
  #visitScoped(node: SyntaxNode, scope: Scope): void {
    switch (node.type) {
      case "FunctionDeclaration":
      case "FunctionExpression":
        return this.#function(node, scope, "inner");
      case "ArrowFunctionExpression":
        return this.#function(node, scope, scope.receiver);
      case "ClassDeclaration":
      case "ClassExpression":
        return this.#class(node, scope);

      case "BlockStatement":
      case "StaticBlock":
        return this.#children(node, bodyOrBlock(node, scope));
      case "ForStatement":
        return this.#children(node, loopScope(node.init, scope));
      case "ForInStatement":
      case "ForOfStatement":
        if (node.left.type !== "VariableDeclaration") this.#assign(node.left, scope);
        return this.#children(node, loopScope(node.left, scope));
      case "SwitchStatement": {
        this.#visit(node.discriminant, scope);
        const inner = new Scope(scope);
        inner.declare(lexicalNames(node.cases.flatMap((clause) => clause.consequent)));
        for (const clause of node.cases) this.#children(clause, inner);
        return;
      }
      case "CatchClause": {
        const inner = new Scope(scope);
        inner.declare(boundNames(node.param ?? null));
        return this.#children(node, inner);
      }
      default:
        return this.#children(node, scope);
    }
  }

  #children(node: SyntaxNode, scope: Scope): void {
    for (const child of childNodes(node)) this.#visit(child, scope);
  }

  #function(node: Function & SyntaxNode, outer: Scope, receiver: Receiver): void {
    this.#onFunction?.(node, outer);
    const parameters = parameterScope(node, outer, receiver);
    for (const parameter of node.params) this.#visit(parameter, parameters);
    const body = node.body as SyntaxNode;
    const inner = bodyScope(body, parameters);
    if (body.type === "BlockStatement") this.#children(body, inner);
    else this.#visit(body, inner);
  }

  #class(node: Class & SyntaxNode, outer: Scope): void {
    const scope = new Scope(outer);
    if (node.id) scope.declare([node.id.name]);
    for (const member of node.body.body) {
      if (member.type !== "StaticBlock" && member.key.type === "PrivateIdentifier") {
        scope.declare([`#${member.key.name}`]);
      }
    }
    if (node.superClass) this.#visit(node.superClass, scope);
    for (const member of node.body.body) this.#visit(member, scope);
  }

  /** The value of a class field is evaluated as if in a method of the class. */
  #value(owner: SyntaxNode, value: SyntaxNode, scope: Scope): void {
    const isField = owner.type === "PropertyDefinition";
    this.#visit(value, isField ? new Scope(scope, "inner") : scope);
  }

  #member(node: MemberExpression, scope: Scope): void {
    this.#visit(node.object, scope);
    if (node.computed || node.property.type === "PrivateIdentifier")
      this.#visit(node.property, scope);
  }

  /** An import of a URL means the same everywhere; a relative or bare specifier does not. */
  #dynamicImport(node: SyntaxNode & { type: "ImportExpression" }, scope: Scope): void {
    const { source } = node;
    const specifier = source.type === "Literal" ? String(source.value) : undefined;
    if (specifier === undefined) this.syntax.add("import() of a computed name");
    else if (!/^[a-z][a-z0-9+.-]*:/i.test(specifier)) this.syntax.add(`import("${specifier}")`);
    this.#children(node, scope);
  }

  #assign(target: Pattern | SyntaxNode, scope: Scope): void {
    for (const name of boundNames(target as Pattern)) {
      if (!scope.has(name)) this.assigned.add(name);
    }
  }

  #use(name: string, position: number, scope: Scope): void {
    if (scope.has(name)) return;
    if (name === "arguments") this.syntax.add(name);
    else if (!this.names.has(name)) this.names.set(name, position - this.#offset);
  }
}

function bodyOrBlock(node: SyntaxNode, scope: Scope): Scope {
  if (node.type === "StaticBlock") return bodyScope(node, new Scope(scope, "inner"));
  const inner = new Scope(scope);
  if (node.type === "BlockStatement") inner.declare(lexicalNames(node.body));
  return inner;
}

function loopScope(head: SyntaxNode | null | undefined, scope: Scope): Scope {
  const inner = new Scope(scope);
  if (head?.type === "VariableDeclaration" && head.kind !== "var") {
    for (const { id } of head.declarations) inner.declare(boundNames(id));
  }
  return inner;
}
