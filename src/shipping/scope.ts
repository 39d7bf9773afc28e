import type { BlockStatement, Function, Pattern, Program, Statement } from "acorn";
import { childNodes, type SyntaxNode } from "./parser.ts";

/** Whose `this` is meant: what the shipped function was called on, or an object made inside it. */
export type Receiver = "outer" | "inner";

/** The names that one piece of code binds, inside the scope around it. */
export class Scope {
  readonly receiver: Receiver;
  readonly #outer: Scope | undefined;
  readonly #names = new Set<string>();

  constructor(outer?: Scope, receiver: Receiver = outer?.receiver ?? "outer") {
    this.#outer = outer;
    this.receiver = receiver;
  }

  declare(names: Iterable<string>): void {
    for (const name of names) this.#names.add(name);
  }

  has(name: string): boolean {
    return this.find(name) !== undefined;
  }

  /** The scope that binds the name: this one, or one around it. */
  find(name: string): Scope | undefined {
    return this.#names.has(name) ? this : this.#outer?.find(name);
  }
}

/** The names that a pattern binds or assigns, such as `a` and `b` in `{ a, x: [b = 1] }`. */
export function* boundNames(pattern: Pattern | null): Generator<string> {
  switch (pattern?.type) {
    case "Identifier":
      yield pattern.name;
      break;
    case "ObjectPattern":
      for (const property of pattern.properties) {
        yield* boundNames(property.type === "RestElement" ? property.argument : property.value);
      }
      break;
    case "ArrayPattern":
      for (const element of pattern.elements) yield* boundNames(element);
      break;
    case "AssignmentPattern":
      yield* boundNames(pattern.left);
      break;
    case "RestElement":
      yield* boundNames(pattern.argument);
      break;
    default: // a member expression binds nothing
  }
}

/** The names that `let`, `const`, `class` and `function` bind directly among `statements`. */
export function* lexicalNames(
  statements: readonly (Statement | Program["body"][number])[],
): Generator<string> {
  for (const each of statements) {
    const statement = withoutExport(each);
    if (statement.type === "VariableDeclaration" && statement.kind !== "var") {
      for (const { id } of statement.declarations) yield* boundNames(id);
    } else if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") {
      if (statement.id) yield statement.id.name;
    }
  }
}

/** The statement that `export` stands before. */
function withoutExport(
  statement: Statement | Program["body"][number],
): Statement | Program["body"][number] {
  const isExport =
    statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration";
  return isExport ? ((statement.declaration ?? statement) as Statement) : statement;
}

/** The scope of a module: what it imports and declares. */
export function moduleScope(program: Program): Scope {
  const scope = new Scope();
  for (const statement of program.body) {
    if (statement.type !== "ImportDeclaration") continue;
    for (const { local } of statement.specifiers) scope.declare([local.name]);
  }
  scope.declare(lexicalNames(program.body));
  scope.declare(hoistedNames(program));
  return scope;
}

/** The function that a top-level variable is declared as, or that CommonJS exports by that name. */
export function declaredFunction({ body }: Program, name: string): SyntaxNode | undefined {
  for (const each of body) {
    const statement = withoutExport(each);
    if (statement.type === "FunctionDeclaration" && statement.id?.name === name) return statement;
    if (statement.type === "VariableDeclaration") {
      const found = statement.declarations.find(
        ({ id }) => id.type === "Identifier" && id.name === name,
      );
      if (found?.init) return found.init;
    }
    if (statement.type !== "ExpressionStatement") continue;
    const { expression } = statement;
    if (expression.type !== "AssignmentExpression") continue;
    const { left, right } = expression;
    if (left.type !== "MemberExpression" || left.property.type !== "Identifier") continue;
    const ownName = right.type === "FunctionExpression" ? right.id?.name : undefined;
    if (left.property.name === name || ownName === name) return right;
  }
  return undefined;
}

/** The names that `var` binds anywhere in `node`, outside of nested functions. */
function* hoistedNames(node: SyntaxNode): Generator<string> {
  if (node.type === "VariableDeclaration" && node.kind === "var") {
    for (const { id } of node.declarations) yield* boundNames(id);
  }
  for (const child of childNodes(node)) {
    if (!isFunctionOrClass(child)) yield* hoistedNames(child);
  }
}

function isFunctionOrClass(node: SyntaxNode): boolean {
  return /^(?:Function|ArrowFunction|Class)(?:Declaration|Expression)$/.test(node.type);
}

/** The scope of a function's parameters. Its body is another one, which the parameters do not see. */
export function parameterScope(
  node: Function & SyntaxNode,
  outer: Scope,
  receiver: Receiver,
): Scope {
  const scope = new Scope(outer, receiver);
  if (node.type === "FunctionExpression" && node.id) scope.declare([node.id.name]);
  if (node.type !== "ArrowFunctionExpression") scope.declare(["arguments", "new.target"]);
  for (const parameter of node.params) scope.declare(boundNames(parameter));
  return scope;
}

/** The scope of a function's body, or of a class's static block. */
export function bodyScope(body: BlockStatement | SyntaxNode, outer: Scope): Scope {
  const scope = new Scope(outer);
  if (body.type !== "BlockStatement" && body.type !== "StaticBlock") return scope;
  scope.declare(hoistedNames(body));
  scope.declare(lexicalNames(body.body));
  return scope;
}
