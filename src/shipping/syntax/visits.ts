/** What the walk over a tree does at each node, by the node's type. */
import {
  type ClassNode,
  type FunctionNode,
  isClass,
  isFunction,
  type SyntaxNode,
} from "./parser.ts";
import {
  boundIdentifiers,
  child,
  children,
  declareLexical,
  dynamicImport,
  isDeclared,
  Scope,
  type Scopes,
} from "./scopes.ts";
import { type LoopNode, type Visit, type Visits, Walk } from "./walk.ts";

type VisitsByType = {
  readonly [T in SyntaxNode["type"]]?: Visit<Extract<SyntaxNode, { readonly type: T }>>;
};

/** Names that stand for variables, and syntax that is tied to its place. */
const NAMES: VisitsByType = {
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
    walk.notes.calls.push(node);
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
const DECLARATIONS: VisitsByType = {
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
const PLAIN: VisitsByType = {
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
  NewExpression(walk, node, scope) {
    walk.notes.calls.push(node);
    walk.visit(node.callee, scope);
    for (const argument of node.arguments) walk.visit(argument, scope);
  },
  TaggedTemplateExpression(walk, node, scope) {
    walk.notes.calls.push(node);
    walk.visit(node.tag, scope);
    walk.visit(node.quasi, scope);
  },
  ThrowStatement(walk, node, scope) {
    walk.notes.thrown.push(node.argument);
    walk.visit(node.argument, scope);
  },
};

/** What has names in it that do not stand for variables. */
const KEYS: VisitsByType = {
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
const SCOPED: VisitsByType = {
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

const VISITS: Visits = new Map(
  Object.entries({
    ...NAMES,
    ...DECLARATIONS,
    ...PLAIN,
    ...KEYS,
    ...SCOPED,
    ...TYPESCRIPT,
  } as Record<string, Visit<SyntaxNode>>),
);

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
  return new Walk(VISITS, node, given, /\bvar\b/.test(text)).start(node);
}
