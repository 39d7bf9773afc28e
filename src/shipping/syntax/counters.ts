/**
 * Compares functions as a tool for coverage has written them: istanbul counts in each statement and
 * branch, and makes blocks for that where there were none. So counters, and the blocks of single
 * statements, are left out of both.
 */
import type { SyntaxNode } from "./parser.ts";
import { printed } from "./print.ts";

/** What istanbul calls the counters of a module. */
export const COUNTERS: RegExp = /^cov_[0-9a-z]+$/;
const COUNTS = /\bcov_[0-9a-z]+\(\)\.[fsb]\b/;

/** Whether the text of a function has counters in it. */
export function hasCounters(text: string): boolean {
  return COUNTS.test(text);
}

/** A print that is the same for a function with counters and without. */
export function printedUncounted(node: SyntaxNode): string {
  return printed(uncounted(node));
}

type Plain = Record<string, unknown> & { readonly type?: unknown };

function uncounted(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((each) => !isCounter(each)).map(uncounted);
  if (typeof value !== "object" || value === null || value instanceof RegExp) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, uncounted(each)]);
  const node: Plain = Object.fromEntries(entries);
  switch (node.type) {
    case "SequenceExpression": {
      const expressions = node["expressions"] as unknown[];
      return expressions.length === 1 ? expressions[0] : node;
    }
    case "ArrowFunctionExpression": {
      const only = onlyStatement(node["body"]);
      const isReturn = only?.type === "ReturnStatement" && only["argument"];
      return isReturn ? { ...node, body: only["argument"] } : node;
    }
    case "IfStatement": {
      const [consequent, alternate] = [unwrapped(node["consequent"]), node["alternate"]];
      const isEmpty = isBlock(alternate) && alternate.body.length === 0;
      return { ...node, consequent, alternate: isEmpty ? null : unwrapped(alternate) };
    }
    default:
      return /^(?:For|While|DoWhile|With|Labeled)/.test(String(node.type))
        ? { ...node, body: unwrapped(node["body"]) }
        : node;
  }
}

function isBlock(value: unknown): value is { readonly body: readonly Plain[] } {
  return (value as Plain | null | undefined)?.type === "BlockStatement";
}

function onlyStatement(value: unknown): Plain | undefined {
  return isBlock(value) && value.body.length === 1 ? value.body[0] : undefined;
}

/** A statement without the block around it. */
function unwrapped(value: unknown): unknown {
  return onlyStatement(value) ?? value;
}

/** `cov_…().s[0]++`, as a statement or an expression. */
function isCounter(value: unknown): boolean {
  const node = value as SyntaxNode | null | undefined;
  if (node?.type === "ExpressionStatement") return isCounter(node.expression);
  if (node?.type !== "UpdateExpression") return false;
  let place: SyntaxNode = node.argument;
  while (place.type === "MemberExpression") place = place.object;
  if (place.type !== "CallExpression" || place.callee.type !== "Identifier") return false;
  return COUNTERS.test(place.callee.name);
}
