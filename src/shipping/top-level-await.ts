import { platform } from "#platform";
import { moduleText } from "./module-text.ts";
import { childNodes, parseModule, type SyntaxNode } from "./parser.ts";

/** Whether the module at `url` waits at its top level, so that a worker's import of it would too. */
export function hasTopLevelAwait(url: string): boolean {
  const source = moduleText(url)?.source;
  if (source === undefined || !/\bawait\b/.test(source)) return false;
  const program = parseModule(platform.stripTypes(source, url));
  // Without a parse, as for TypeScript that cannot be stripped here: an `await` on a line that is not indented.
  return program === undefined ? /^(?![\s/*]).*\bawait\b/m.test(source) : awaits(program);
}

function awaits(node: SyntaxNode): boolean {
  if (node.type === "AwaitExpression") return true;
  if (node.type === "ForOfStatement" && node.await) return true;
  if (/^(?:Function|ArrowFunction)(?:Declaration|Expression)$/.test(node.type)) return false;
  if (node.type === "PropertyDefinition" || node.type === "StaticBlock") return false;
  for (const child of childNodes(node)) if (awaits(child)) return true;
  return false;
}
