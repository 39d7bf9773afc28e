/**
 * The JavaScript parser, loaded when it is first needed: most programs that mark
 * or export their functions never load it.
 */
import type * as Acorn from "acorn";
import { platform } from "#platform";

export type SyntaxNode = Acorn.AnyNode;

/** The text of a function, parsed. */
export interface ParsedFunction {
  readonly node: Acorn.Function | Acorn.Class;
  /** Whether the text is a method, which is an expression only inside an object literal. */
  readonly isMethod: boolean;
  /** Whether the text means the same in strict mode, as far as the grammar can tell. */
  readonly isStrict: boolean;
  /** Where the text begins in the positions of `node`. */
  readonly offset: number;
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

/** Parses a module; undefined when it is not JavaScript. */
export function parseModule(source: string): Acorn.Program | undefined {
  return parse(source, "module");
}

function parse(source: string, sourceType: "module" | "script"): Acorn.Program | undefined {
  const { parse: parseProgram } = platform.parser("acorn") as typeof Acorn;
  try {
    return parseProgram(source, {
      ecmaVersion: "latest",
      sourceType,
      allowHashBang: true,
      allowSuperOutsideMethod: true,
      checkPrivateFields: false,
    });
  } catch {
    return undefined;
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

/** The nodes directly inside `node`, in the order of the text. */
export function* childNodes(node: SyntaxNode): Generator<SyntaxNode> {
  for (const value of Object.values(node) as unknown[]) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(child)) yield child;
    }
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
