/** Parses a source file, and counts what is in it. */

import { parse } from "@babel/parser";
import type { ParserOptions } from "@babel/parser";

export interface Counts {
  readonly lines: number;
  readonly functions: number;
  readonly comments: number;
}

const FUNCTIONS: ReadonlySet<unknown> = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ObjectMethod",
  "ClassMethod",
  "ClassPrivateMethod",
]);

/**
 * @param path Its ending says which language it is in.
 * @throws {SyntaxError} The text cannot be parsed; `loc` says where.
 */
export function count(text: string, path: string): Counts {
  const file = parse(text, {
    sourceType: "unambiguous",
    plugins: pluginsFor(path),
    allowReturnOutsideFunction: true,
    allowUndeclaredExports: true,
    attachComment: false,
  });
  return {
    lines: countLines(file.loc?.end),
    functions: countFunctions(file.program),
    comments: file.comments?.length ?? 0,
  };
}

function pluginsFor(path: string): NonNullable<ParserOptions["plugins"]> {
  if (!path.endsWith(".ts")) return ["jsx"];
  return [["typescript", { dts: path.endsWith(".d.ts") }], "decorators-legacy"];
}

/** The line break at the end of a file begins no further line. */
function countLines(end: { readonly line: number; readonly column: number } | undefined): number {
  if (!end) return 0;
  return end.column > 0 ? end.line : end.line - 1;
}

/** Walks the tree with a list of its own: generated code can nest deeper than the call stack. */
function countFunctions(root: object): number {
  let functions = 0;
  const waiting: object[] = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    for (const [key, part] of Object.entries(node)) {
      if (key === "type" && FUNCTIONS.has(part)) functions += 1;
      // Each node has a position, which holds no more nodes.
      else if (key !== "loc" && typeof part === "object" && part !== null) waiting.push(part);
    }
  }
  return functions;
}
