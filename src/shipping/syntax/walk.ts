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
 * @param text What the tree was read from: where it has no `var`, none is looked for.
 */
export function scopesOf(
  node: SyntaxNode,
  given: readonly string[] = [],
  text: string = "var",
): Scopes {
  return new Walk(node, given, /\bvar\b/.test(text)).start(node);
}

type LoopNode = SyntaxNode & { type: "ForStatement" | "ForInStatement" | "ForOfStatement" };

type Visit<N extends SyntaxNode> = (walk: Walk, node: N, scope: Scope) => void;

/** What is done at a node, by its type. */
type Visits = {
  readonly [T in SyntaxNode["type"]]?: Visit<Extract<SyntaxNode, { readonly type: T }>>;
};

class Walk {
  readonly #root: Scope;
  readonly notes = new Notes();
  readonly #hasVar: boolean;

  constructor(root: SyntaxNode, given: readonly string[], hasVar: boolean) {
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
    const visit = VISITS.get(node.type);
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

/** Names that stand for variables, and syntax that is tied to its place. */
const NAMES: Visits = {
  Identifier: (walk, node, scope) => walk.notes.use(node, scope),
  ThisExpression: (walk, node) => walk.notes.place("this", node),
  Super: (walk, node) => walk.notes.place("super", node),
  MetaProperty(walk, node, scope) {
    if (node.meta.name === "import") walk.notes.place("import.meta", node);
    else walk.notes.refer("new.target", node, scope);
  },
  PrivateIdentifier: (walk, node, scope) => walk.notes.refer(`#${node.name}`, node, scope),
  ImportExpression(walk, node, scope) {
    walk.notes.place(dynamicImport(node), node);
    walk.children(node, scope);
  },
  AwaitExpression(walk, node, scope) {
    walk.notes.waits(node);
    walk.children(node, scope);
  },
  CallExpression(walk, node, scope) {
    if (node.callee.type === "Identifier" && node.callee.name === "eval") {
      if (scope.find("eval") === undefined) walk.notes.place("eval()", node);
    }
    walk.visit(node.callee, scope);
    for (const argument of node.arguments) walk.visit(argument, scope);
  },
};

const visitFunction: Visit<FunctionNode> = (walk, node, scope) =>
  walk.function(node, scope, "", undefined);
const visitClass: Visit<ClassNode> = (walk, node, scope) => walk.class(node, scope, "");
/** What declares variables, assigns to them, or asks about one. */
const DECLARATIONS: Visits = {
  FunctionDeclaration: visitFunction,
  FunctionExpression: visitFunction,
  ArrowFunctionExpression: visitFunction,
  ClassDeclaration: visitClass,
  ClassExpression: visitClass,
  VariableDeclaration(walk, node, scope) {
    if (isDeclared(node)) return;
    if (node.kind === "await using") walk.notes.waits(node);
    for (const { id, init } of node.declarations) {
      walk.pattern(id, scope, true);
      walk.named(init, id, scope);
    }
  },
  AssignmentExpression(walk, node, scope) {
    walk.notes.assignments.push(node);
    walk.assignment(node.left, scope, node.operator !== "=");
    walk.named(node.right, node.left, scope);
  },
  UpdateExpression: (walk, node, scope) => walk.assignment(node.argument, scope, true),
  UnaryExpression(walk, node, scope) {
    if (node.operator === "typeof" && node.argument.type === "Identifier") {
      walk.notes.use(node.argument, scope, { isProbe: true });
    } else walk.children(node, scope);
  },
};

const nothing: Visit<SyntaxNode> = () => undefined;
/** What is common, and only holds other nodes: quicker than to look for these. */
const PLAIN: Visits = {
  Literal: () => undefined,
  ExpressionStatement: (walk, node, scope) => walk.visit(node.expression, scope),
  ReturnStatement: (walk, node, scope) => walk.visit(node.argument, scope),
  BinaryExpression(walk, node, scope) {
    walk.visit(node.left, scope);
    walk.visit(node.right, scope);
  },
  ObjectExpression(walk, node, scope) {
    for (const property of node.properties) walk.visit(property, scope);
  },
  ArrayExpression(walk, node, scope) {
    for (const element of node.elements) walk.visit(element, scope);
  },
};

/** What has names in it that do not stand for variables. */
const KEYS: Visits = {
  MemberExpression(walk, node, scope) {
    walk.visit(node.object, scope);
    if (node.computed || node.property.type === "PrivateIdentifier") {
      walk.visit(node.property, scope);
    }
  },
  Property(walk, node, scope) {
    if (node.computed) walk.visit(node.key, scope);
    if (node.method || node.kind !== "init") walk.method(node, node.value, scope);
    else walk.named(node.value, node.computed ? undefined : node.key, scope);
  },
  WithStatement(walk, node, scope) {
    walk.notes.place("with", node);
    walk.visit(node.object, scope);
    walk.visit(node.body, new Scope(scope, node));
  },
  LabeledStatement: (walk, node, scope) => walk.visit(node.body, scope),
  BreakStatement: nothing,
  ContinueStatement: nothing,
  ImportDeclaration: nothing,
  ExportAllDeclaration: nothing,
  ExportNamedDeclaration: (walk, node, scope) => walk.visit(node.declaration, scope),
  ExportDefaultDeclaration(walk, { declaration }, scope) {
    if (isFunction(declaration) && !("id" in declaration && declaration.id)) {
      walk.function(declaration, scope, "default", undefined);
    } else if (isClass(declaration)) walk.class(declaration, scope, "default");
    else walk.visit(declaration, scope);
  },
};

const visitLoop: Visit<LoopNode> = (walk, node, scope) => walk.loop(node, scope);
/** What is a scope of its own. */
const SCOPED: Visits = {
  BlockStatement(walk, node, scope) {
    const inner = new Scope(scope, node);
    declareLexical(node.body, inner);
    for (const statement of node.body) walk.visit(statement, inner);
  },
  ForStatement: visitLoop,
  ForInStatement: visitLoop,
  ForOfStatement: visitLoop,
  SwitchStatement(walk, node, scope) {
    walk.visit(node.discriminant, scope);
    const inner = new Scope(scope, node);
    declareLexical(
      node.cases.flatMap((clause) => clause.consequent),
      inner,
    );
    for (const clause of node.cases) walk.children(clause, inner);
  },
  CatchClause(walk, node, scope) {
    const inner = new Scope(scope, node);
    for (const id of boundIdentifiers(node.param)) {
      inner.declare(id.name, "catch variable", node.param as SyntaxNode);
    }
    if (node.param) walk.pattern(node.param, inner, true);
    walk.visit(node.body, inner);
  },
};

const visitObject: Visit<SyntaxNode> = (walk, node, scope) =>
  walk.visit(child(node, "object") ?? child(node, "value"), scope);
const TYPESCRIPT: Readonly<Record<string, Visit<SyntaxNode>>> = {
  JSXIdentifier(walk, node, scope) {
    const { name } = node as unknown as { name: string };
    if (/^[A-Z]/.test(name)) walk.notes.refer(name, node, scope);
  },
  JSXMemberExpression: visitObject,
  JSXAttribute: visitObject,
  TSEnumDeclaration(walk, node, scope) {
    if (isDeclared(node)) return;
    const inner = new Scope(scope, node);
    const members = children(child(node, "body") ?? node, "members");
    for (const member of members) {
      const id = child(member, "id") as unknown as { name?: string; value?: string };
      inner.declare(id.name ?? id.value ?? "", "const", member);
    }
    for (const member of members) walk.visit(child(member, "initializer"), inner);
  },
  TSModuleDeclaration(walk, node, scope) {
    const body = child(node, "body");
    if (isDeclared(node) || body === undefined) return;
    walk.statements(children(body, "body"), new Scope(scope, node), body);
  },
};

/** A node of any other type is what its children are. */
const VISITS: ReadonlyMap<string, Visit<SyntaxNode>> = new Map(
  Object.entries({
    ...NAMES,
    ...DECLARATIONS,
    ...PLAIN,
    ...KEYS,
    ...SCOPED,
    ...TYPESCRIPT,
  } as Record<string, Visit<SyntaxNode>>),
);
