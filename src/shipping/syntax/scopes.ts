/**
 * Which variable each name of a syntax tree means: scopes, the bindings in them, and the
 * references to these. Of JavaScript, and of TypeScript as its parser gives it.
 *
 * Each scope declares its names before its nodes are visited, so hoisting needs no care. What a
 * reference means is decided at the end, when all scopes are complete.
 */
import {
  childNodes,
  type FunctionNode,
  isFunction,
  isTypeOnly,
  type SyntaxNode,
  withoutTypes,
} from "./parser.ts";

export type BindingKind =
  | "import"
  | "const"
  | "let"
  | "var"
  | "function"
  | "class"
  | "enum"
  | "namespace"
  | "parameter"
  | "catch variable"
  /** The name of a function or class expression, inside itself. */
  | "own name"
  /** What nothing in the text declares: `arguments`, `new.target`, a private name, CommonJS's `exports`. */
  | "implicit";

export interface Binding {
  readonly name: string;
  kind: BindingKind;
  /** The function, class, declarator, import specifier or pattern that declares it. */
  node: SyntaxNode;
  readonly scope: Scope;
  readonly references: Reference[];
}

export interface Reference {
  readonly name: string;
  readonly node: SyntaxNode;
  readonly scope: Scope;
  /** Whether the place gives the variable another value. */
  readonly isWrite: boolean;
  /** Whether the place only asks `typeof`. */
  readonly isProbe: boolean;
  /** The innermost function around the place. */
  readonly inside: SyntaxNode | undefined;
  /** Undefined for a global. */
  binding: Binding | undefined;
}

/** A function in the tree. */
export interface FunctionSite {
  readonly node: FunctionNode;
  /** What is in scope where it stands. */
  readonly around: Scope;
  /** The name that it gets: its own, or that of the variable or property that it is the value of. */
  readonly name: string;
  /** For a method: the literal or class that it belongs to. */
  readonly method: MethodSite | undefined;
}

export interface MethodSite {
  readonly owner: SyntaxNode;
  readonly kind: "method" | "get" | "set" | "constructor";
  readonly isStatic: boolean;
  /** Where the method begins, modifiers and name included. */
  readonly start: number;
}

/** Syntax that means something only where it stands: `this`, `super`, `import.meta`, … */
export interface PlaceSyntax {
  readonly what: string;
  readonly node: SyntaxNode;
  /** The innermost function around it that is not an arrow function, or class field or static block. */
  readonly holder: SyntaxNode | undefined;
}

/** The names that one piece of code binds, inside the scope around it. */
export class Scope {
  readonly outer: Scope | undefined;
  /** The function, block, class or module whose scope it is. */
  readonly node: SyntaxNode;
  readonly #bindings = new Map<string, Binding>();

  constructor(outer: Scope | undefined, node: SyntaxNode) {
    this.outer = outer;
    this.node = node;
  }

  declare(name: string, kind: BindingKind, node: SyntaxNode): void {
    const present = this.#bindings.get(name);
    if (present === undefined) {
      this.#bindings.set(name, { name, kind, node, scope: this, references: [] });
    } else if (kind === "function") {
      // A function wins over a `var` of its name, and over an earlier function.
      present.kind = kind;
      present.node = node;
    }
  }

  own(name: string): Binding | undefined {
    return this.#bindings.get(name);
  }

  /** The names that the scope itself binds. */
  get bindings(): Iterable<Binding> {
    return this.#bindings.values();
  }

  /** What the name means here; undefined for a global. */
  find(name: string): Binding | undefined {
    // In a `with`, any name may be a property of its object.
    if (this.node.type === "WithStatement") this.declare(name, "implicit", this.node);
    return this.#bindings.get(name) ?? this.outer?.find(name);
  }
}

/** What there is to know of the names in a tree. */
export interface Scopes {
  readonly root: Scope;
  /** In the order of the text. */
  readonly references: readonly Reference[];
  readonly functions: readonly FunctionSite[];
  readonly places: readonly PlaceSyntax[];
  /** Each `await`, with the function that it stands in. */
  readonly awaits: readonly {
    readonly node: SyntaxNode;
    readonly inside: SyntaxNode | undefined;
  }[];
}

/**
 * Analyses a module, or a function or class that stands alone.
 *
 * @param given Names that are there without being declared, as CommonJS has: `require`, `exports`.
 */
export function scopesOf(node: SyntaxNode, given: readonly string[] = []): Scopes {
  const walk = new Walk(node, given);
  walk.start(node);
  return walk;
}

/** The identifiers that a pattern binds or assigns, such as `a` and `b` in `{ a, x: [b = 1] }`. */
export function* boundIdentifiers(
  pattern: SyntaxNode | null | undefined,
): Generator<SyntaxNode & { name: string }> {
  const node = withoutTypes(pattern);
  switch (node?.type) {
    case "Identifier":
      yield node;
      break;
    case "ObjectPattern":
      for (const property of node.properties) {
        yield* boundIdentifiers(
          property.type === "RestElement" ? property.argument : property.value,
        );
      }
      break;
    case "ArrayPattern":
      for (const element of node.elements) yield* boundIdentifiers(element);
      break;
    case "AssignmentPattern":
      yield* boundIdentifiers(node.left);
      break;
    case "RestElement":
      yield* boundIdentifiers(node.argument);
      break;
    default: // a member expression binds nothing
      if (typeOf(node) === "TSParameterProperty") yield* boundIdentifiers(child(node, "parameter"));
  }
}

/** The statement that `export` stands before. */
export function withoutExport(statement: SyntaxNode): SyntaxNode {
  const isExport =
    statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration";
  return isExport ? (statement.declaration ?? statement) : statement;
}

/** What TypeScript's parser calls its own nodes, which the types of acorn's tree lack. */
export const typeOf = (node: SyntaxNode | null | undefined): string | undefined => node?.type;

/** A child that acorn's types do not know. */
export function child(node: SyntaxNode | null | undefined, key: string): SyntaxNode | undefined {
  return (node as unknown as Record<string, SyntaxNode | undefined> | undefined)?.[key];
}

function children(node: SyntaxNode, key: string): readonly SyntaxNode[] {
  return ((node as unknown as Record<string, unknown>)[key] as SyntaxNode[] | undefined) ?? [];
}

const isDeclared = (node: SyntaxNode): boolean =>
  child(node, "declare") !== undefined && Boolean(child(node, "declare"));

class Walk implements Scopes {
  readonly root: Scope;
  readonly references: Reference[] = [];
  readonly functions: FunctionSite[] = [];
  readonly places: PlaceSyntax[] = [];
  readonly awaits: { node: SyntaxNode; inside: SyntaxNode | undefined }[] = [];
  /** The functions, class fields and static blocks around what is visited, innermost last. */
  readonly #inside: SyntaxNode[] = [];

  constructor(root: SyntaxNode, given: readonly string[]) {
    const outer = new Scope(undefined, root);
    for (const name of given) outer.declare(name, "implicit", root);
    this.root = new Scope(given.length > 0 ? outer : undefined, root);
  }

  start(node: SyntaxNode): void {
    if (node.type === "Program") this.#statements(node.body, this.root, node);
    else this.#visit(node, this.root);
    for (const reference of this.references) {
      reference.binding = reference.scope.find(reference.name);
      reference.binding?.references.push(reference);
    }
    this.references.sort((a, b) => a.node.start - b.node.start);
  }

  /** The body of a module, function or static block: where `var` is hoisted to. */
  #statements(statements: readonly SyntaxNode[], scope: Scope, node: SyntaxNode): void {
    hoist(node, scope);
    declareLexical(statements, scope);
    for (const statement of statements) this.#visit(statement, scope);
  }

  #visit(given: SyntaxNode | null | undefined, scope: Scope): void {
    if (given === null || given === undefined || isTypeOnly(given)) return;
    const node = given;
    switch (node.type) {
      case "Identifier":
        return this.#use(node, scope);
      case "ThisExpression":
        return this.#place("this", node);
      case "Super":
        return this.#place("super", node);
      case "MetaProperty":
        if (node.meta.name === "import") this.#place("import.meta", node);
        else this.#refer("new.target", node, scope);
        return;
      case "PrivateIdentifier":
        return this.#refer(`#${node.name}`, node, scope);
      case "ImportExpression":
        this.#place(dynamicImport(node), node);
        return this.#children(node, scope);
      case "AwaitExpression":
        this.awaits.push({ node, inside: this.#inside.at(-1) });
        return this.#children(node, scope);
      case "CallExpression":
        if (node.callee.type === "Identifier" && node.callee.name === "eval") {
          if (scope.find("eval") === undefined) this.#place("eval()", node);
        }
        return this.#children(node, scope);

      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.#function(node, scope, "", undefined);
      case "ClassDeclaration":
      case "ClassExpression":
        return this.#class(node, scope);

      case "VariableDeclaration":
        if (isDeclared(node)) return;
        if (node.kind === "await using") this.awaits.push({ node, inside: this.#inside.at(-1) });
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
          return this.#use(node.argument, scope, { isProbe: true });
        }
        return this.#children(node, scope);

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
        this.#place("with", node);
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
        return this.#visit(declared, scope);
      }

      case "BlockStatement":
        return this.#block(node, node.body, scope);
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
        if (/^[A-Z]/.test(name)) this.#refer(name, node, scope);
        return;
      }
      case "JSXMemberExpression":
        return this.#visit(child(node, "object"), scope);
      case "JSXAttribute":
        return this.#visit(child(node, "value"), scope);
      case "TSEnumDeclaration": {
        if (isDeclared(node)) return;
        const inner = new Scope(scope, node);
        const body = child(node, "body");
        const members = children(body ?? node, "members");
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

  #block(node: SyntaxNode, statements: readonly SyntaxNode[], scope: Scope): void {
    const inner = new Scope(scope, node);
    declareLexical(statements, inner);
    for (const statement of statements) this.#visit(statement, inner);
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
      if (node.type === "ForOfStatement" && node.await) {
        this.awaits.push({ node, inside: this.#inside.at(-1) });
      }
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
    this.functions.push({ node, around: outer, name: ownName ?? inferred, method });
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
    this.#inside.push(node);
    for (const parameter of node.params) this.#pattern(parameter, scope, true);
    if (node.body.type === "BlockStatement") {
      // Parameters do not see the variables of the body.
      this.#statements(node.body.body, new Scope(scope, node), node.body);
    } else this.#visit(node.body, scope);
    this.#inside.pop();
  }

  #class(node: SyntaxNode & { type: "ClassDeclaration" | "ClassExpression" }, outer: Scope): void {
    if (isDeclared(node)) return;
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
      this.#inside.push(member);
      this.#statements(member.body, new Scope(scope, member), member);
      this.#inside.pop();
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
    this.#inside.push(member);
    this.#named(member.value, member.computed ? undefined : member.key, scope);
    this.#inside.pop();
  }

  #method(property: SyntaxNode & { type: "Property" }, value: SyntaxNode, scope: Scope): void {
    if (!isFunction(value)) return this.#visit(value, scope);
    const kind = property.kind === "init" ? "method" : property.kind;
    const name = keyName(property.key, property.computed);
    const site = { owner: property, kind, isStatic: false, start: property.start } as const;
    this.#function(value, scope, name, site);
  }

  /** A function without a name of its own takes the name of what it is given to. */
  #named(value: SyntaxNode | null | undefined, target: SyntaxNode | undefined, scope: Scope): void {
    const inner = withoutTypes(value);
    if (inner !== undefined && isFunction(inner)) {
      return this.#function(
        inner,
        scope,
        target === undefined ? "" : keyName(target, false),
        undefined,
      );
    }
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
        if (!declares) this.#use(node, scope, { isWrite: true });
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
    if (node.type === "Identifier" && alsoReads) this.#use(node, scope, { isWrite: true });
    else this.#pattern(node, scope, false);
  }

  #use(
    node: SyntaxNode & { name: string },
    scope: Scope,
    how: { readonly isWrite?: boolean; readonly isProbe?: boolean } = {},
  ): void {
    this.#refer(node.name, node, scope, how);
  }

  #refer(
    name: string,
    node: SyntaxNode,
    scope: Scope,
    {
      isWrite = false,
      isProbe = false,
    }: { readonly isWrite?: boolean; readonly isProbe?: boolean } = {},
  ): void {
    const inside = this.#inside.at(-1);
    this.references.push({ name, node, scope, isWrite, isProbe, inside, binding: undefined });
  }

  #place(what: string, node: SyntaxNode): void {
    const holders = this.#inside.filter(({ type }) => type !== "ArrowFunctionExpression");
    const holder = holders.at(-1);
    this.places.push({ what, node, holder });
  }
}

/** An import of a URL means the same everywhere; a relative or bare specifier does not. */
function dynamicImport(node: SyntaxNode & { type: "ImportExpression" }): string {
  const { source } = node;
  if (source.type !== "Literal") return "import() of a computed name";
  return `import("${String(source.value)}")`;
}

function keyName(key: SyntaxNode, computed: boolean): string {
  const node = withoutTypes(key);
  if (computed && node?.type !== "Literal") return "";
  if (node?.type === "Identifier") return node.name;
  if (node?.type === "PrivateIdentifier") return `#${node.name}`;
  return node?.type === "Literal" ? String(node.value) : "";
}

/** Declares what `var` binds anywhere in `node`, outside of nested functions. */
function hoist(node: SyntaxNode, scope: Scope): void {
  if (node.type === "VariableDeclaration" && node.kind === "var" && !isDeclared(node)) {
    for (const declarator of node.declarations) {
      for (const { name } of boundIdentifiers(declarator.id))
        scope.declare(name, "var", declarator);
    }
  }
  for (const each of childNodes(node)) {
    if (isTypeOnly(each) || isFunction(each) || /^Class|^TSModule/.test(each.type)) continue;
    hoist(each, scope);
  }
}

/** Declares what imports, `let`, `const`, `class` and `function` bind directly among `statements`. */
function declareLexical(statements: readonly SyntaxNode[], scope: Scope): void {
  for (const each of statements) {
    const statement = withoutExport(each);
    if (isDeclared(statement) || isTypeOnly(statement)) continue;
    switch (typeOf(statement)) {
      case "ImportDeclaration":
        for (const specifier of children(statement, "specifiers")) {
          const { name } = child(specifier, "local") as unknown as { name: string };
          if (!isTypeImport(specifier)) scope.declare(name, "import", specifier);
        }
        break;
      case "VariableDeclaration": {
        const { kind, declarations } = statement as SyntaxNode & { type: "VariableDeclaration" };
        if (kind === "var") break;
        for (const declarator of declarations) {
          for (const { name } of boundIdentifiers(declarator.id)) {
            scope.declare(name, kind === "let" ? "let" : "const", declarator);
          }
        }
        break;
      }
      case "FunctionDeclaration":
        if (child(statement, "body")) declareNamed(statement, "function", scope);
        break;
      case "ClassDeclaration":
        declareNamed(statement, "class", scope);
        break;
      case "TSEnumDeclaration":
        declareNamed(statement, "enum", scope);
        break;
      case "TSModuleDeclaration":
        declareNamed(statement, "namespace", scope);
        break;
      case "TSImportEqualsDeclaration":
        declareNamed(statement, "import", scope);
        break;
      default:
    }
  }
}

function declareNamed(statement: SyntaxNode, kind: BindingKind, scope: Scope): void {
  const id = child(statement, "id") as unknown as { name?: string } | undefined;
  if (id?.name !== undefined) scope.declare(id.name, kind, statement);
}

/** Whether an import, or one name of it, is marked as a type. */
export function isTypeImport(node: SyntaxNode): boolean {
  return (node as unknown as { importKind?: string }).importKind === "type";
}
