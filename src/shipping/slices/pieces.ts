/**
 * The top level of a module, cut into pieces: an import; one declarator of a `const`, `let` or
 * `var`; a function, class, enum or namespace; any other statement.
 */
import type { ModuleTree } from "../syntax/module-tree.ts";
import { isFunction, isTypeOnly, type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import {
  type Binding,
  boundIdentifiers,
  child,
  isTypeImport,
  type Reference,
  typeOf,
  withoutExport,
} from "../syntax/scopes.ts";

export interface Piece {
  readonly kind: "import" | "declaration" | "statement";
  /** The declarator, declaration or statement, without `export`. */
  readonly node: SyntaxNode;
  readonly start: number;
  readonly end: number;
  /** What declares it, for one declarator of possibly several. */
  readonly keyword: string | undefined;
  /** What it declares. */
  readonly bindings: Binding[];
  /** The names that it uses, in the order of the text. */
  readonly references: Reference[];
}

export interface Pieces {
  readonly all: readonly Piece[];
  /** By what they declare. Several may declare one variable. */
  readonly of: ReadonlyMap<Binding, readonly Piece[]>;
  /** The name of a top-level variable to the name under which it is exported. */
  readonly exported: ReadonlyMap<string, string>;
}

export function piecesOf(tree: ModuleTree): Pieces {
  const all: Piece[] = [];
  const exported = new Map<string, string>();
  for (const statement of tree.program.body) {
    noteExports(statement, exported);
    all.push(...piecesOfStatement(statement));
  }
  const of = new Map<Binding, Piece[]>();
  for (const binding of tree.scopes.root.bindings) of.set(binding, []);
  for (const piece of all) {
    for (const name of declaredNames(piece)) {
      const binding = tree.scopes.root.own(name);
      if (binding === undefined) continue;
      piece.bindings.push(binding);
      of.get(binding)?.push(piece);
    }
  }
  // What is left is a `var` inside a statement.
  for (const [binding, pieces] of of) {
    if (pieces.length > 0) continue;
    const around = all.find((piece) => isAt(piece, binding.node.start));
    if (around !== undefined) pieces.push(around);
  }
  for (const reference of tree.scopes.references) {
    pieceAt(all, reference.node.start)?.references.push(reference);
  }
  return { all, of, exported };
}

function isAt({ start, end }: Piece, position: number): boolean {
  return start <= position && position < end;
}

/** Finds by halves: pieces are in the order of the text. */
function pieceAt(pieces: readonly Piece[], position: number): Piece | undefined {
  let [low, high] = [0, pieces.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const piece = pieces[middle] as Piece;
    if (piece.end <= position) low = middle + 1;
    else if (piece.start > position) high = middle - 1;
    else return piece;
  }
  return undefined;
}

function* piecesOfStatement(statement: SyntaxNode): Generator<Piece> {
  const node = withoutExport(statement);
  const isExport = node !== statement;
  if (isTypeOnly(node) || child(node, "declare")) return;
  switch (typeOf(node)) {
    case "ImportDeclaration":
      if (!isTypeImport(node)) yield newPiece("import", node);
      return;
    case "TSImportEqualsDeclaration":
      yield newPiece("import", node);
      return;
    case "ExportNamedDeclaration": // `export { … }`
    case "ExportAllDeclaration":
      return;
    case "VariableDeclaration": {
      const { kind, declarations } = node as SyntaxNode & { type: "VariableDeclaration" };
      // A resource would be disposed of when the worker has loaded its piece.
      const keyword = /using/.test(kind) ? "const" : kind;
      for (const declarator of declarations) yield newPiece("declaration", declarator, keyword);
      return;
    }
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "TSEnumDeclaration":
    case "TSModuleDeclaration":
      if (isFunction(node) && !child(node, "body")) return; // an overload
      if (child(node, "id")) yield newPiece("declaration", node);
      return;
    default:
      // `export default …` without a name is found by its text alone.
      if (!isExport) yield newPiece("statement", node);
  }
}

function newPiece(kind: Piece["kind"], node: SyntaxNode, keyword?: string): Piece {
  const decorators = (child(node, "decorators") ?? []) as readonly SyntaxNode[];
  const start = Math.min(node.start, ...decorators.map((decorator) => decorator.start));
  return { kind, node, start, end: node.end, keyword, bindings: [], references: [] };
}

function* declaredNames({ kind, node }: Piece): Generator<string> {
  if (kind === "import") {
    const specifiers = (child(node, "specifiers") ?? []) as readonly SyntaxNode[];
    const locals = specifiers.map((specifier) => child(specifier, "local"));
    for (const local of [...locals, child(node, "id")]) {
      if (local) yield (local as unknown as { name: string }).name;
    }
  } else if (node.type === "VariableDeclarator") {
    for (const { name } of boundIdentifiers(node.id)) yield name;
  } else if (kind === "declaration") {
    const { name } = child(node, "id") as unknown as { name?: string };
    if (name !== undefined) yield name;
  }
}

function noteExports(statement: SyntaxNode, exported: Map<string, string>): void {
  if (statement.type === "ExportDefaultDeclaration") {
    const declared = statement.declaration;
    const name =
      declared.type === "Identifier" ? declared.name : "id" in declared && declared.id?.name;
    if (typeof name === "string") exported.set(name, "default");
    return;
  }
  if (statement.type !== "ExportNamedDeclaration") return;
  if (statement.declaration) {
    for (const { node } of piecesOfStatement(statement)) {
      for (const name of declaredNames({ kind: "declaration", node } as Piece)) {
        exported.set(name, name);
      }
    }
  } else if (!statement.source) {
    for (const { local, exported: as } of statement.specifiers) {
      const [from, to] = [local, as].map((id) =>
        id.type === "Identifier" ? id.name : String(id.value),
      ) as [string, string];
      exported.set(from, to);
    }
  }
}

/** The module that an import names, or a declarator that is given what `require` returns. */
export function specifierOf({ node }: Piece): string | undefined {
  const source = child(node, "source") as { readonly value?: unknown } | undefined;
  if (typeof source?.value === "string") return source.value;
  return requiredBy(node);
}

/** The names that lead to what an import gives: of the export; none for all that there is. */
export function importedName({ node }: Binding, piece: Piece): readonly string[] | undefined {
  switch (node.type) {
    case "ImportNamespaceSpecifier":
      return [];
    case "ImportDefaultSpecifier":
      return ["default"];
    case "ImportSpecifier": {
      const imported = child(node, "imported") as unknown as { name?: string; value?: string };
      return [imported.name ?? imported.value ?? ""];
    }
    default: {
      // `const m = require("m")`; `const { a } = require("m")` takes a copy.
      if (piece.node.type !== "VariableDeclarator" || piece.node.id.type !== "Identifier")
        return undefined;
      return withoutTypes(piece.node.init)?.type === "CallExpression" ? ["default"] : undefined;
    }
  }
}

export function isHeddle(specifier: string): boolean {
  return /^heddle(?:\/|$)/.test(specifier);
}

export function isRequired(node: SyntaxNode): boolean {
  return requiredBy(node) !== undefined;
}

/** `x` in `… = require("x")` and `… = require("x").y`. */
function requiredBy(node: SyntaxNode): string | undefined {
  let value = node.type === "VariableDeclarator" ? withoutTypes(node.init) : undefined;
  while (value?.type === "MemberExpression") value = withoutTypes(value.object);
  if (value?.type !== "CallExpression" || value.callee.type !== "Identifier") return undefined;
  const [argument] = value.arguments;
  if (value.callee.name !== "require" || argument?.type !== "Literal") return undefined;
  return typeof argument.value === "string" ? argument.value : undefined;
}

/** A function only says what happens when it is called. Static blocks are the class's own. */
export function declaresFunction({ node }: Piece): boolean {
  if (isFunction(node)) return true;
  const value = node.type === "VariableDeclarator" ? withoutTypes(node.init) : undefined;
  return value !== undefined && isFunction(value);
}

/** Whether a function, or the one around it, is there before the module is evaluated. */
export function isHoisted({ all }: Pieces, { start }: SyntaxNode): boolean {
  return pieceAt(all, start)?.node.type === "FunctionDeclaration";
}

/** Whether it is what a CommonJS module exports. */
export function isExports({ kind, name }: Binding): boolean {
  return kind === "implicit" && (name === "exports" || name === "module");
}

/** Whether what the variable holds comes from another module. */
export function isFromElsewhere({ kind, name, node }: Binding): boolean {
  return kind === "import" || (kind === "implicit" && name === "require") || isRequired(node);
}
