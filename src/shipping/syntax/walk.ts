/** The walk over a tree that finds its scopes, and what refers to what. */
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
  dynamicImport,
  hoist,
  isDeclared,
  keyName,
  type MethodSite,
  Scope,
  type Scopes,
  typeOf,
} from "./scopes.ts";

/**
 * Analyses a module, or a function or class that stands alone.
 *
 * @param given Names that are there without being declared, as CommonJS has: `require`, `exports`.
 */
export function scopesOf(node: SyntaxNode, given: readonly string[] = []): Scopes {
  return new Walk(node, given).start(node);
}

class Walk {
  readonly #root: Scope;
  readonly #notes = new Notes();

  constructor(root: SyntaxNode, given: readonly string[]) {
    const outer = new Scope(undefined, root);
    for (const name of given) outer.declare(name, "implicit", root);
    this.#root = new Scope(given.length > 0 ? outer : undefined, root);
  }

  start(node: SyntaxNode): Scopes {
    if (node.type === "Program") this.#statements(node.body, this.#root, node);
    else this.#visit(node, this.#root);
    return this.#notes.scopes(this.#root);
  }

  /** The body of a module, function or static block: where `var` is hoisted to. */
  #statements(statements: readonly SyntaxNode[], scope: Scope, node: SyntaxNode): void {
    hoist(node, scope);
    declareLexical(statements, scope);
    for (const statement of statements) this.#visit(statement, scope);
  }

  #visit(node: SyntaxNode | null | undefined, scope: Scope): void {
    if (!node || isTypeOnly(node)) return;
    switch (node.type) {
      case "Identifier":
        return this.#notes.use(node, scope);
      case "ThisExpression":
        return this.#notes.place("this", node);
      case "Super":
        return this.#notes.place("super", node);
      case "MetaProperty":
        if (node.meta.name === "import") this.#notes.place("import.meta", node);
        else this.#notes.refer("new.target", node, scope);
        return;
      case "PrivateIdentifier":
        return this.#notes.refer(`#${node.name}`, node, scope);
      case "ImportExpression":
        this.#notes.place(dynamicImport(node), node);
        return this.#children(node, scope);
      case "AwaitExpression":
        this.#notes.waits(node);
        return this.#children(node, scope);
      case "CallExpression":
        if (node.callee.type === "Identifier" && node.callee.name === "eval") {
          if (scope.find("eval") === undefined) this.#notes.place("eval()", node);
        }
        return this.#children(node, scope);
      default:
        return this.#visitDeclaring(node, scope);
    }
  }

  /** What declares variables, assigns to them, or asks about one. */
  #visitDeclaring(node: SyntaxNode, scope: Scope): void {
    switch (node.type) {
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.#function(node, scope, "", undefined);
      case "ClassDeclaration":
      case "ClassExpression":
        return this.#class(node, scope, "");

      case "VariableDeclaration":
        if (isDeclared(node)) return;
        if (node.kind === "await using") this.#notes.waits(node);
        for (const { id, init } of node.declarations) {
          this.#pattern(id, scope, true);
          this.#named(init, id, scope);
        }
        return;
      case "AssignmentExpression":
        this.#assignment(node.left, scope, node.operator !== "=");
        return this.#named(node.right, node.left, scope);
      case "UpdateExpression":
        return this.#assignment(node.argument, scope, true);
      case "UnaryExpression":
        if (node.operator === "typeof" && node.argument.type === "Identifier") {
          return this.#notes.use(node.argument, scope, { isProbe: true });
        }
        return this.#children(node, scope);
      default:
        return this.#visitNaming(node, scope);
    }
  }

  /** What has names in it that do not stand for variables. */
  #visitNaming(node: SyntaxNode, scope: Scope): void {
    switch (node.type) {
      case "MemberExpression":
        this.#visit(node.object, scope);
        if (node.computed || node.property.type === "PrivateIdentifier") {
          this.#visit(node.property, scope);
        }
        return;
      case "Property":
        if (node.computed) this.#visit(node.key, scope);
        if (node.method || node.kind !== "init") return this.#method(node, node.value, scope);
        return this.#named(node.value, node.computed ? undefined : node.key, scope);

      case "WithStatement":
        this.#notes.place("with", node);
        this.#visit(node.object, scope);
        return this.#visit(node.body, new Scope(scope, node));
      case "LabeledStatement":
        return this.#visit(node.body, scope);
      case "BreakStatement":
      case "ContinueStatement":
      case "ImportDeclaration":
      case "ExportAllDeclaration":
        return;
      case "ExportNamedDeclaration":
        return this.#visit(node.declaration, scope);
      case "ExportDefaultDeclaration": {
        const declared = node.declaration;
        if (isFunction(declared) && !("id" in declared && declared.id)) {
          return this.#function(declared, scope, "default", undefined);
        }
        if (isClass(declared)) return this.#class(declared, scope, "default");
        return this.#visit(declared, scope);
      }
      default:
        return this.#visitScoped(node, scope);
    }
  }

  /** What is a scope of its own. */
  #visitScoped(node: SyntaxNode, scope: Scope): void {
    switch (node.type) {
      case "BlockStatement": {
        const inner = new Scope(scope, node);
        declareLexical(node.body, inner);
        return this.#children(node, inner);
      }
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
        return this.#loop(node, scope);
      case "SwitchStatement": {
        this.#visit(node.discriminant, scope);
        const inner = new Scope(scope, node);
        declareLexical(
          node.cases.flatMap((clause) => clause.consequent),
          inner,
        );
        for (const clause of node.cases) this.#children(clause, inner);
        return;
      }
      case "CatchClause": {
        const inner = new Scope(scope, node);
        for (const id of boundIdentifiers(node.param)) {
          inner.declare(id.name, "catch variable", node.param as SyntaxNode);
        }
        if (node.param) this.#pattern(node.param, inner, true);
        return this.#visit(node.body, inner);
      }
      default:
        return this.#visitTypeScript(node, scope);
    }
  }

  #visitTypeScript(node: SyntaxNode, scope: Scope): void {
    switch (typeOf(node)) {
      case "JSXIdentifier": {
        const { name } = node as unknown as { name: string };
        if (/^[A-Z]/.test(name)) this.#notes.refer(name, node, scope);
        return;
      }
      case "JSXMemberExpression":
      case "JSXAttribute":
        return this.#visit(child(node, "object") ?? child(node, "value"), scope);
      case "TSEnumDeclaration": {
        if (isDeclared(node)) return;
        const inner = new Scope(scope, node);
        const members = children(child(node, "body") ?? node, "members");
        for (const member of members) {
          const id = child(member, "id") as unknown as { name?: string; value?: string };
          inner.declare(id.name ?? id.value ?? "", "const", member);
        }
        for (const member of members) this.#visit(child(member, "initializer"), inner);
        return;
      }
      case "TSModuleDeclaration": {
        const body = child(node, "body");
        if (isDeclared(node) || body === undefined) return;
        this.#statements(children(body, "body"), new Scope(scope, node), body);
        return;
      }
      default:
        return this.#children(node, scope);
    }
  }

  #children(node: SyntaxNode, scope: Scope): void {
    for (const each of childNodes(node)) this.#visit(each, scope);
  }

  #loop(
    node: SyntaxNode & { type: "ForStatement" | "ForInStatement" | "ForOfStatement" },
    scope: Scope,
  ): void {
    const inner = new Scope(scope, node);
    const head = node.type === "ForStatement" ? node.init : node.left;
    if (head?.type === "VariableDeclaration") declareLexical([head], inner);
    if (node.type === "ForStatement") {
      this.#visit(head, inner);
      this.#visit(node.test, inner);
      this.#visit(node.update, inner);
    } else {
      if (node.type === "ForOfStatement" && node.await) this.#notes.waits(node);
      if (head?.type === "VariableDeclaration") this.#visit(head, inner);
      else this.#assignment(head as SyntaxNode, inner, false);
      this.#visit(node.right, inner);
    }
    this.#visit(node.body, inner);
  }

  #function(
    node: FunctionNode,
    outer: Scope,
    inferred: string,
    method: MethodSite | undefined,
  ): void {
    if (!node.body || isDeclared(node)) return; // an overload
    const ownName = "id" in node ? node.id?.name : undefined;
    this.#notes.functions.push({ node, around: outer, name: ownName ?? inferred, method });
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
    this.#notes.enter(node);
    for (const parameter of node.params) this.#pattern(parameter, scope, true);
    if (node.body.type === "BlockStatement") {
      // Parameters do not see the variables of the body.
      this.#statements(node.body.body, new Scope(scope, node), node.body);
    } else this.#visit(node.body, scope);
    this.#notes.leave();
  }

  #class(node: ClassNode, outer: Scope, inferred: string): void {
    if (isDeclared(node)) return;
    this.#notes.classes.push({ node, around: outer, name: node.id?.name ?? inferred });
    for (const decorator of children(node, "decorators")) this.#visit(decorator, outer);
    const scope = new Scope(outer, node);
    if (node.id) scope.declare(node.id.name, "own name", node);
    for (const member of node.body.body) {
      if (member.type !== "StaticBlock" && member.key?.type === "PrivateIdentifier") {
        scope.declare(`#${member.key.name}`, "implicit", member);
      }
    }
    this.#visit(node.superClass, scope);
    for (const member of node.body.body) this.#member(member, node, scope);
  }

  #member(member: SyntaxNode, owner: SyntaxNode, scope: Scope): void {
    if (isTypeOnly(member) || isDeclared(member)) return;
    for (const decorator of children(member, "decorators")) this.#visit(decorator, scope);
    if (member.type === "StaticBlock") {
      this.#notes.enter(member);
      this.#statements(member.body, new Scope(scope, member), member);
      this.#notes.leave();
      return;
    }
    if (member.type !== "MethodDefinition" && member.type !== "PropertyDefinition") {
      return this.#children(member, scope); // of TypeScript: accessors, index signatures
    }
    if (member.computed) this.#visit(member.key, scope);
    if (member.type === "MethodDefinition") {
      return this.#function(member.value, scope, keyName(member.key, member.computed), {
        owner,
        kind: member.kind,
        isStatic: member.static,
        start: member.start,
      });
    }
    // The value of a field is evaluated as if in a method of the class.
    this.#notes.enter(member);
    this.#named(member.value, member.computed ? undefined : member.key, scope);
    this.#notes.leave();
  }

  #method(property: SyntaxNode & { type: "Property" }, value: SyntaxNode, scope: Scope): void {
    if (!isFunction(value)) return this.#visit(value, scope);
    const kind = property.kind === "init" ? "method" : property.kind;
    const site = { owner: property, kind, isStatic: false, start: property.start } as const;
    this.#function(value, scope, keyName(property.key, property.computed), site);
  }

  /** A function or class without a name of its own takes the name of what it is given to. */
  #named(value: SyntaxNode | null | undefined, target: SyntaxNode | undefined, scope: Scope): void {
    const inner = withoutTypes(value);
    const name = target === undefined ? "" : keyName(target, false);
    if (inner !== undefined && isFunction(inner)) {
      return this.#function(inner, scope, name, undefined);
    }
    if (inner !== undefined && isClass(inner)) return this.#class(inner, scope, name);
    this.#visit(value, scope);
  }

  /** A pattern that declares; or one that is assigned to. */
  #pattern(given: SyntaxNode | null | undefined, scope: Scope, declares: boolean): void {
    const node = withoutTypes(given);
    switch (node?.type) {
      case undefined:
        return;
      case "Identifier":
        for (const decorator of children(node, "decorators")) this.#visit(decorator, scope);
        if (!declares) this.#notes.use(node, scope, { isWrite: true });
        return;
      case "ObjectPattern":
        for (const property of node.properties) {
          if (property.type === "RestElement") this.#pattern(property.argument, scope, declares);
          else {
            if (property.computed) this.#visit(property.key, scope);
            this.#pattern(property.value, scope, declares);
          }
        }
        return;
      case "ArrayPattern":
        for (const element of node.elements) this.#pattern(element, scope, declares);
        return;
      case "AssignmentPattern":
        this.#pattern(node.left, scope, declares);
        return this.#named(node.right, node.left, scope);
      case "RestElement":
        return this.#pattern(node.argument, scope, declares);
      default:
        if (typeOf(node) === "TSParameterProperty") {
          return this.#pattern(child(node, "parameter"), scope, declares);
        }
        return this.#visit(node, scope);
    }
  }

  #assignment(target: SyntaxNode, scope: Scope, alsoReads: boolean): void {
    const node = withoutTypes(target) as SyntaxNode;
    // One reference says both: it writes, and where it also reads nothing more is lost.
    if (node.type === "Identifier" && alsoReads) this.#notes.use(node, scope, { isWrite: true });
    else this.#pattern(node, scope, false);
  }
}
