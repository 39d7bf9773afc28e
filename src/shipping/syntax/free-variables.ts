/**
 * Which variables a function uses from outside itself.
 *
 * Unsure means "uses it": a false alarm has a fix that its message names, while
 * a missed variable fails in another thread, or is silently another one.
 */
import type { ParsedFunction } from "./parser.ts";
import { type PlaceSyntax, referencesIn, type Scopes } from "./scopes.ts";
import { scopesOf } from "./visits.ts";

/** What ties a function to the place where it was written. */
export interface FreeVariables {
  /** Each name from outside, globals included, with where it is first used in the function's text. */
  readonly names: ReadonlyMap<string, number>;
  /** The names from outside that the function assigns to. */
  readonly assigned: ReadonlySet<string>;
  /** The names from outside that the function asks about with `typeof`. */
  readonly probed: ReadonlySet<string>;
  /** Syntax that means something only where it was written, such as `this` or `import.meta`. */
  readonly syntax: ReadonlySet<string>;
}

/**
 * Finds the free variables of a parsed function.
 *
 * @param scopes Those of a text that it is a part of. Default: its own.
 */
export function freeVariables(
  { node, offset }: ParsedFunction,
  scopes: Scopes = scopesOf(node),
): FreeVariables {
  const names = new Map<string, number>();
  const assigned = new Set<string>();
  const probed = new Set<string>();
  const syntax = new Set<string>();
  for (const place of scopes.places) {
    if (isWithin(place.node, node) && isTied(place, node)) syntax.add(place.what);
  }
  for (const { name, node: place, isWrite, isProbe, binding } of referencesIn(scopes, node)) {
    const isOwn = binding !== undefined && isWithin(binding.scope.node, node);
    if (isOwn && binding.node.type !== "WithStatement") continue;
    if (/^(?:#|new\.target$|arguments$)/.test(name)) syntax.add(name);
    else {
      if (!names.has(name)) names.set(name, place.start - offset);
      if (isWrite) assigned.add(name);
      if (isProbe) probed.add(name);
    }
  }
  return { names, assigned, probed, syntax };
}

/**
 * Whether syntax means what it means because of where `node` stands. What a function itself is
 * called on counts as well: it is not called on anything elsewhere.
 */
export function isTied({ what, holder }: PlaceSyntax, node: ParsedFunction["node"]): boolean {
  if (what === "this" || what === "super") {
    return holder === undefined || holder === node || !isWithin(holder, node);
  }
  return what !== "with" && !/^import\("[a-z][a-z0-9+.-]*:/i.test(what);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

export function isWithin(inner: Range, outer: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
