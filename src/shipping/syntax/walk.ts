/** The walk over a tree that finds its scopes, and what refers to what: see visits.ts. */
import {
  childNodes,
  type ClassNode,
  type FunctionNode,
  isClass,
  isFunction,
  isTypeOnly,
  type SyntaxNode,
  withoutTypes,
} from "./parser.ts";
import { Notes } from "./notes.ts";
import {
  boundIdentifiers,
  child,
  children,
  declareLexical,
  hoist,
  isDeclared,
  keyName,
  type MethodSite,
  Scope,
  type Scopes,
  typeOf,
} from "./scopes.ts";

/** What is done at a node, by its type. A node of any other type is what its children are. */
export type Visits = ReadonlyMap<string, Visit<SyntaxNode>>;
export type Visit<N extends SyntaxNode> = (walk: Walk, node: N, scope: Scope) => void;
export type LoopNode = SyntaxNode & {
  type: "ForStatement" | "ForInStatement" | "ForOfStatement";
};

/** One walk. What it does at a node is in visits.ts; this is what several of these have in common. */
export class Walk {
  readonly #root: Scope;
  readonly notes: Notes = new Notes();
  readonly #visits: Visits;
  readonly #hasVar: boolean;

  constructor(visits: Visits, root: SyntaxNode, given: readonly string[], hasVar: boolean) {
    this.#visits = visits;
    const outer = new Scope(undefined, root);
    for (const name of given) outer.declare(name, "implicit", root);
    this.#root = new Scope(given.length > 0 ? outer : undefined, root);
    this.#hasVar = hasVar;
  }

  start(node: SyntaxNode): Scopes {
    if (node.type === "Program") this.statements(node.body, this.#root, node);
    else this.visit(node, this.#root);
    return this.notes.scopes(this.#root);
  }

  /** The body of a module, function or static block: where `var` is hoisted to. */
  statements(statements: readonly SyntaxNode[], scope: Scope, node: SyntaxNode): void {
    if (this.#hasVar) hoist(node, scope);
    declareLexical(statements, scope);
    for (const statement of statements) this.visit(statement, scope);
  }

  visit(node: SyntaxNode | null | undefined, scope: Scope): void {
    if (!node) return;
    const visit = this.#visits.get(node.type);
    if (visit !== undefined) visit(this, node, scope);
    else if (!isTypeOnly(node)) this.children(node, scope);
  }

  children(node: SyntaxNode, scope: Scope): void {
    for (const each of childNodes(node)) this.visit(each, scope);
  }

  loop(node: LoopNode, scope: Scope): void {
    const inner = new Scope(scope, node);
    const head = node.type === "ForStatement" ? node.init : node.left;
    if (head?.type === "VariableDeclaration") declareLexical([head], inner);
    if (node.type === "ForStatement") {
      this.visit(head, inner);
      this.visit(node.test, inner);
      this.visit(node.update, inner);
    } else {
      if (node.type === "ForOfStatement") {
        this.notes.assignments.push(node);
        if (node.await) this.notes.waits(node);
      }
      if (head?.type === "VariableDeclaration") this.visit(head, inner);
      else this.assignment(head as SyntaxNode, inner, false);
      this.visit(node.right, inner);
    }
    this.visit(node.body, inner);
  }

  function(
    node: FunctionNode,
    outer: Scope,
    inferred: string,
    method: MethodSite | undefined,
  ): void {
    if (!node.body || isDeclared(node)) return; // an overload
    const ownName = "id" in node ? node.id?.name : undefined;
    this.notes.functions.push({ node, around: outer, name: ownName ?? inferred, method });
    const scope = new Scope(outer, node);
    if (node.type === "FunctionExpression" && ownName) scope.declare(ownName, "own name", node);
    if (node.type !== "ArrowFunctionExpression") {
      scope.declare("arguments", "implicit", node);
      scope.declare("new.target", "implicit", node);
    }
    for (const parameter of node.params) {
      for (const id of boundIdentifiers(parameter)) {
        if (id.name !== "this") scope.declare(id.name, "parameter", id);
      }
    }
    this.notes.enter(node);
    for (const parameter of node.params) this.pattern(parameter, scope, true);
    if (node.body.type === "BlockStatement") {
      // Parameters do not see the variables of the body.
      this.statements(node.body.body, new Scope(scope, node), node.body);
    } else this.visit(node.body, scope);
    this.notes.leave();
  }

  class(node: ClassNode, outer: Scope, inferred: string): void {
    if (isDeclared(node)) return;
    this.notes.classes.push({ node, around: outer, name: node.id?.name ?? inferred });
    for (const decorator of children(node, "decorators")) this.visit(decorator, outer);
    const scope = new Scope(outer, node);
    if (node.id) scope.declare(node.id.name, "own name", node);
    for (const member of node.body.body) {
      if (member.type !== "StaticBlock" && member.key?.type === "PrivateIdentifier") {
        scope.declare(`#${member.key.name}`, "implicit", member);
      }
    }
    this.visit(node.superClass, scope);
    for (const member of node.body.body) this.member(member, node, scope);
  }

  member(member: SyntaxNode, owner: SyntaxNode, scope: Scope): void {
    if (isTypeOnly(member) || isDeclared(member)) return;
    for (const decorator of children(member, "decorators")) this.visit(decorator, scope);
    if (member.type === "StaticBlock") {
      this.notes.enter(member);
      this.statements(member.body, new Scope(scope, member), member);
      this.notes.leave();
      return;
    }
    if (member.type !== "MethodDefinition" && member.type !== "PropertyDefinition") {
      return this.children(member, scope); // of TypeScript: accessors, index signatures
    }
    if (member.computed) this.visit(member.key, scope);
    if (member.type === "MethodDefinition") {
      return this.function(member.value, scope, keyName(member.key, member.computed), {
        owner,
        kind: member.kind,
        isStatic: member.static,
        start: member.start,
      });
    }
    // The value of a field is evaluated as if in a method of the class.
    this.notes.enter(member);
    this.named(member.value, member.computed ? undefined : member.key, scope);
    this.notes.leave();
  }

  method(property: SyntaxNode & { type: "Property" }, value: SyntaxNode, scope: Scope): void {
    if (!isFunction(value)) return this.visit(value, scope);
    const kind = property.kind === "init" ? "method" : property.kind;
    const site = { owner: property, kind, isStatic: false, start: property.start } as const;
    this.function(value, scope, keyName(property.key, property.computed), site);
  }

  /** A function or class without a name of its own takes the name of what it is given to. */
  named(value: SyntaxNode | null | undefined, target: SyntaxNode | undefined, scope: Scope): void {
    const inner = withoutTypes(value);
    const name = target === undefined ? "" : keyName(target, false);
    if (inner !== undefined && isFunction(inner)) {
      return this.function(inner, scope, name, undefined);
    }
    if (inner !== undefined && isClass(inner)) return this.class(inner, scope, name);
    this.visit(value, scope);
  }

  /** A pattern that declares; or one that is assigned to. */
  pattern(given: SyntaxNode | null | undefined, scope: Scope, declares: boolean): void {
    const node = withoutTypes(given);
    switch (node?.type) {
      case undefined:
        return;
      case "Identifier":
        for (const decorator of children(node, "decorators")) this.visit(decorator, scope);
        if (!declares) this.notes.use(node, scope, { isWrite: true });
        return;
      case "ObjectPattern":
        for (const property of node.properties) {
          if (property.type === "RestElement") this.pattern(property.argument, scope, declares);
          else {
            if (property.computed) this.visit(property.key, scope);
            this.pattern(property.value, scope, declares);
          }
        }
        return;
      case "ArrayPattern":
        for (const element of node.elements) this.pattern(element, scope, declares);
        return;
      case "AssignmentPattern":
        this.pattern(node.left, scope, declares);
        return this.named(node.right, node.left, scope);
      case "RestElement":
        return this.pattern(node.argument, scope, declares);
      default:
        if (typeOf(node) === "TSParameterProperty") {
          return this.pattern(child(node, "parameter"), scope, declares);
        }
        return this.visit(node, scope);
    }
  }

  assignment(target: SyntaxNode, scope: Scope, alsoReads: boolean): void {
    const node = withoutTypes(target) as SyntaxNode;
    // One reference says both: it writes, and where it also reads nothing more is lost.
    if (node.type === "Identifier" && alsoReads) this.notes.use(node, scope, { isWrite: true });
    else this.pattern(node, scope, false);
  }
}
