/**
 * The parsers, loaded when they are first needed: most programs that mark or export their
 * functions never load one.
 *
 * Where the runtime can blank the types of TypeScript, which keeps all positions, the rest is
 * parsed as JavaScript. Otherwise a parser for TypeScript does it; its nodes for types are
 * skipped, and those that hold values are visited.
 */
import type * as Acorn from "acorn";
import { server } from "#platform";

export type SyntaxNode = Acorn.AnyNode;
export type FunctionNode =
  | Acorn.FunctionDeclaration
  | Acorn.AnonymousFunctionDeclaration
  | Acorn.FunctionExpression
  | Acorn.ArrowFunctionExpression;

export type ClassNode =
  | Acorn.ClassDeclaration
  | Acorn.AnonymousClassDeclaration
  | Acorn.ClassExpression;

/** The text of a function or class, parsed. */
export interface ParsedFunction {
  readonly node: FunctionNode | Acorn.ClassExpression;
  /** Whether the text is a method, which is an expression only inside an object literal. */
  readonly isMethod: boolean;
  /** Whether the text means the same in strict mode, as far as the grammar can tell. */
  readonly isStrict: boolean;
  /** Where the text begins in the positions of `node`. */
  readonly offset: number;
}

/** A module's text, parsed. */
export interface ParsedModule {
  readonly program: Acorn.Program;
  /** The text that the positions of `program` are in: as long as the file's. */
  readonly text: string;
  /** Whether `text` is JavaScript; otherwise it has types. */
  readonly isJavaScript: boolean;
}

// Inside a function, `new.target` and `arguments` parse wherever they may stand in the text.
const EXPRESSION = { prefix: "(function () { return (", suffix: "\n)})" };
const METHOD = { prefix: "({", suffix: "\n})" };

/** Parses what `Function.prototype.toString` returned; undefined when that is not source text. */
export function parseFunction(text: string): ParsedFunction | undefined {
  for (const sourceType of ["module", "script"] as const) {
    for (const wrapping of [EXPRESSION, METHOD]) {
      const node = functionIn(parse(wrapping.prefix + text + wrapping.suffix, sourceType));
      if (node === undefined) continue;
      return {
        node,
        isMethod: wrapping === METHOD,
        isStrict: sourceType === "module",
        offset: wrapping.prefix.length,
      };
    }
  }
  return undefined;
}

/** Parses the module at `url`; undefined when it is neither JavaScript nor TypeScript. */
export function parseModule(source: string, url: string): ParsedModule | undefined {
  const hasJsx = /\.[jt]sx(?:[?#]|$)/.test(url);
  if (!hasJsx) {
    const text = server.stripTypes(source, url);
    const program = text.length === source.length ? parse(text, "module") : undefined;
    if (program !== undefined) return { program, text, isJavaScript: true };
    if (!/\.[cm]?ts(?:[?#]|$)/.test(url)) return sloppyModule(source);
  }
  const program = parseTypeScript(source, hasJsx);
  return program === undefined ? undefined : { program, text: source, isJavaScript: false };
}

/** A CommonJS module may hold what only sloppy code may. */
function sloppyModule(source: string): ParsedModule | undefined {
  const program = parse(source, "script");
  return program === undefined ? undefined : { program, text: source, isJavaScript: true };
}

const OPTIONS = {
  ecmaVersion: "latest",
  allowHashBang: true,
  allowSuperOutsideMethod: true,
  allowReturnOutsideFunction: true,
  checkPrivateFields: false,
} as const;

let acorn: typeof Acorn | undefined;

function parse(source: string, sourceType: "module" | "script"): Acorn.Program | undefined {
  acorn ??= server.parser("acorn") as typeof Acorn;
  try {
    return acorn.parse(source, { ...OPTIONS, sourceType });
  } catch {
    return undefined;
  }
}

function parseTypeScript(source: string, hasJsx: boolean): Acorn.Program | undefined {
  try {
    const { Parser } = server.parser("acorn") as typeof Acorn;
    const { tsPlugin } = server.parser("@sveltejs/acorn-typescript") as {
      tsPlugin: (options?: {
        jsx: boolean;
      }) => (parser: typeof Acorn.Parser) => typeof Acorn.Parser;
    };
    const parser = Parser.extend(tsPlugin(hasJsx ? { jsx: true } : undefined));
    // The parser for types needs to know where lines begin.
    return parser.parse(source, { ...OPTIONS, sourceType: "module", locations: true });
  } catch {
    return undefined; // also where the parser is not there, as in a bundle
  }
}

function functionIn(program: Acorn.Program | undefined): ParsedFunction["node"] | undefined {
  const statement = program?.body[0];
  if (program?.body.length !== 1 || statement?.type !== "ExpressionStatement") return undefined;
  const { expression } = statement;
  if (expression.type === "ObjectExpression") return methodIn(expression);
  if (expression.type !== "FunctionExpression") return undefined;
  const [returned, ...others] = expression.body.body;
  if (others.length > 0 || returned?.type !== "ReturnStatement") return undefined;
  return asFunction(returned.argument);
}

function methodIn(object: Acorn.ObjectExpression): ParsedFunction["node"] | undefined {
  const [property, ...others] = object.properties;
  if (others.length > 0 || property?.type !== "Property") return undefined;
  const isMethod = property.method || property.kind !== "init";
  // The name of a computed method may be anything, so it is visited with the rest.
  return isMethod && !property.computed ? asFunction(property.value) : undefined;
}

function asFunction(node: Acorn.Expression | null | undefined): ParsedFunction["node"] | undefined {
  switch (node?.type) {
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ClassExpression":
      return node;
    default:
      return undefined;
  }
}

/** Properties of nodes that hold types, or what does not belong to the program. */
const NOT_VALUES: ReadonlySet<string> = new Set(
  `typeAnnotation returnType typeParameters typeArguments superTypeParameters superTypeArguments
  implements loc range accessibility`.split(/\s+/),
);

/** The nodes directly inside `node`, in the order of the text, without types. */
export function childNodes(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  // Walks over whole modules come here for every node: this is the way that engines make quick.
  for (const key in node) {
    const value = (node as unknown as Record<string, unknown>)[key];
    if (typeof value !== "object" || value === null || NOT_VALUES.has(key)) continue;
    if (!Array.isArray(value)) {
      if (isNode(value)) found.push(value);
      continue;
    }
    for (const child of value as unknown[]) if (isNode(child)) found.push(child);
  }
  return found;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** Nodes of TypeScript's that hold values: all others are types. */
const VALUES =
  /^TS(?:As|Satisfies|NonNull|Instantiation)Expression|^TSTypeAssertion|^TSEnum|^TSModule|^TSParameterProperty|^TSExportAssignment|^TSImportEquals|^TSExternalModule/;

export function isTypeOnly({ type }: SyntaxNode): boolean {
  return type.startsWith("TS") && !VALUES.test(type);
}

// Sets, and not patterns: these questions are asked about every node of a module.
const WRAPPERS: ReadonlySet<string> = new Set([
  "ParenthesizedExpression",
  "TSAsExpression",
  "TSInstantiationExpression",
  "TSNonNullExpression",
  "TSSatisfiesExpression",
  "TSTypeAssertion",
]);
const CLASSES: ReadonlySet<string> = new Set(["ClassDeclaration", "ClassExpression"]);
const FUNCTIONS: ReadonlySet<string> = new Set([
  "ArrowFunctionExpression",
  "FunctionDeclaration",
  "FunctionExpression",
]);

/** The expression or pattern in what only says something about its type, or groups it. */
export function withoutTypes(node: SyntaxNode | null | undefined): SyntaxNode | undefined {
  let inner: SyntaxNode | null | undefined = node;
  while (inner && WRAPPERS.has(inner.type)) {
    inner = (inner as unknown as { expression: SyntaxNode }).expression;
  }
  return inner ?? undefined;
}

export function isClass(node: SyntaxNode): node is ClassNode {
  return CLASSES.has(node.type);
}

export function isFunction(node: SyntaxNode): node is FunctionNode {
  return FUNCTIONS.has(node.type);
}
