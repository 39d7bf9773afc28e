/**
 * Caches of what a function has computed: to call the function fills them, and yet changes
 * nothing, since no other code looks into them. A worker's cache is its own.
 *
 * What looks like one and counts, or remembers what it has seen, is not one: there the value
 * that is kept depends on what has been there, or the caller is not given what was kept.
 */
import { isWithin } from "../syntax/free-variables.ts";
import type { SyntaxNode } from "../syntax/parser.ts";
import type { Binding } from "../syntax/scopes.ts";

/** What has been found, by the functions. */
const known = new WeakMap<SyntaxNode, Map<Binding, boolean>>();

/** Whether the variable holds a cache of the function `fn`, in whose code it is changed. */
export function isMemo(binding: Binding, fn: SyntaxNode | undefined, text: string): boolean {
  if (fn === undefined) return false;
  let found = known.get(fn);
  if (found === undefined) known.set(fn, (found = new Map()));
  let is = found.get(binding);
  if (is === undefined) found.set(binding, (is = isMemoOf(binding, fn, text)));
  return is;
}

function isMemoOf({ name, node, references }: Binding, fn: SyntaxNode, text: string): boolean {
  const code = text.slice(fn.start, fn.end);
  // `cache[key] ??= …`, `f.cache[key] ??= …`
  const path = `${escaped(name)}(?:\\.\\w+)?`;
  const once = new RegExp(`(?<![\\w$.])(${path})\\[[^\\]]+\\]\\s*\\?\\?=`).exec(code)?.[1];
  if (once !== undefined) return isKept(once, references, fn, node, text);
  const others = references.filter((each) => !isWithin(each.node, fn));
  if (others.length > 0) return false;
  const own = references.every((each) =>
    /^(?:\.(?:get|set|has)\(|\[)/.test(text.slice(each.node.end)),
  );
  const written = new RegExp(
    `(?<![\\w$.])${escaped(name)}(?:\\.set\\((.*)\\)|\\[[^\\]]+\\]\\s*=(?!=)(.*))`,
    "g",
  );
  const read = `${escaped(name)}(?:\\.get\\(|\\[)`;
  const hit = new RegExp(`(?:const|let)\\s+([\\w$]+)[^=;]*=\\s*${read}`).exec(code)?.[1];
  const returnsHit =
    new RegExp(`\\breturn\\s+${read}`).test(code) ||
    (hit !== undefined &&
      new RegExp(
        `\\bif\\s*\\([^)]*\\b${escaped(hit)}\\b[^)]*\\)\\s*\\{?\\s*return\\s+${escaped(hit)}\\b`,
      ).test(code));
  const values = [...code.matchAll(written)].map(
    ([, given = "", assigned = ""]) => given + assigned,
  );
  const usesKept = (value: string): boolean =>
    new RegExp(`(?<![\\w$.])${escaped(name)}\\b`).test(value) ||
    (hit !== undefined && new RegExp(`(?<![\\w$.])${escaped(hit)}\\b`).test(value));
  return own && returnsHit && values.length > 0 && !values.some(usesKept);
}

/** Whether nothing outside of the function uses the cache, but to make it. */
function isKept(
  path: string,
  references: Binding["references"],
  fn: SyntaxNode,
  declared: SyntaxNode,
  text: string,
): boolean {
  for (const { node } of references) {
    const rest = text.slice(node.start);
    if (!rest.startsWith(path)) continue;
    const after = rest.slice(path.length);
    const isOwn = isWithin(node, fn)
      ? /^\[[^\]]+\]\s*(?:\?\?=|$)/.test(after)
      : /^\s*=(?!=)/.test(after);
    if (!isOwn) return false;
  }
  return path.includes(".") || declared.type === "VariableDeclarator";
}

function escaped(name: string): string {
  return name.replaceAll("$", "\\$");
}
