/**
 * Which variable each name of a syntax tree means: scopes, the bindings in them, and the
 * references to these. Of JavaScript, and of TypeScript as its parser gives it.
 *
 * Each scope declares its names before its nodes are visited, so hoisting needs no care. What a
 * reference means is decided at the end, when all scopes are complete.
 */
import {
  childNodes,
  type ClassNode,
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

/** A function or a class in the tree. */
export type CodeSite = FunctionSite | ClassSite;

export interface ClassSite {
  readonly node: ClassNode;
  /** What is in scope where it stands. */
  readonly around: Scope;
  /** The name that it gets, as a function does. */
  readonly name: string;
  readonly method?: undefined;
}

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

/** An assignment, or a loop that assigns. */
export type AssigningNode = SyntaxNode & { type: "AssignmentExpression" | "ForOfStatement" };

/** What calls a function, or makes something with one. */
export type CallingNode = SyntaxNode & {
  type: "CallExpression" | "NewExpression" | "TaggedTemplateExpression";
};

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
  readonly classes: readonly ClassSite[];
  readonly places: readonly PlaceSyntax[];
  /** Whatever gives a value to what need not be declared there. */
  readonly assignments: readonly AssigningNode[];
  readonly calls: readonly CallingNode[];
  /** What `throw` throws. */
  readonly thrown: readonly SyntaxNode[];
  /** Each `await`, with the function that it stands in. */
  readonly awaits: readonly {
    readonly node: SyntaxNode;
    readonly inside: SyntaxNode | undefined;
  }[];
}

/** The references in a part of the text. */
export function referencesIn(
  { references }: Scopes,
  { start, end }: { readonly start: number; readonly end: number },
): readonly Reference[] {
  let [low, high] = [0, references.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((references[middle] as Reference).node.start < start) low = middle + 1;
    else high = middle;
  }
  const found: Reference[] = [];
  for (let at = low; at < references.length; at++) {
    const reference = references[at] as Reference;
    if (reference.node.start >= end) break;
    found.push(reference);
  }
  return found;
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

export function children(node: SyntaxNode, key: string): readonly SyntaxNode[] {
  return ((node as unknown as Record<string, unknown>)[key] as SyntaxNode[] | undefined) ?? [];
}

export const isDeclared = (node: SyntaxNode): boolean =>
  child(node, "declare") !== undefined && Boolean(child(node, "declare"));

/** Declares what `var` binds anywhere in `node`, outside of nested functions. */
export function hoist(node: SyntaxNode, scope: Scope): void {
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
export function declareLexical(statements: readonly SyntaxNode[], scope: Scope): void {
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

/** What the import of a module is called that the text does not name. */
export const COMPUTED_IMPORT = "import() of a computed name";

/** An import of a URL means the same everywhere; a relative or bare specifier does not. */
export function dynamicImport(node: SyntaxNode & { type: "ImportExpression" }): string {
  const { source } = node;
  if (source.type !== "Literal") return COMPUTED_IMPORT;
  return `import("${String(source.value)}")`;
}

/** The name that a key gives to a function; empty for one that is computed. */
export function keyName(key: SyntaxNode, computed: boolean): string {
  const node = withoutTypes(key);
  if (computed && node?.type !== "Literal") return "";
  if (node?.type === "Identifier") return node.name;
  if (node?.type === "PrivateIdentifier") return `#${node.name}`;
  return node?.type === "Literal" ? String(node.value) : "";
}
