/**
 * Tells a function from another one that has its text.
 *
 * The place of a function is where its text stands, in the modules that lead to each other by
 * imports. A function of another module, which came by an import of a variable or as what a
 * package returned, may have the same text and mean something else. So either a call on the
 * stack names the function, or the engine says where it stands, or no other place is in sight.
 */
import { server } from "#platform";
import { namedByCall } from "./callers/call-evidence.ts";
import type { CallPlace } from "./callers/call-places.ts";
import { fileUrl } from "./callers/file-url.ts";
import { withoutSlice } from "../base/slice-urls.ts";
import { loadsByVariable, placesElsewhere, type Places, type Sought } from "./place.ts";
import { placeIn, positionIn } from "./syntax/module-tree.ts";
import type { CodeSite } from "./syntax/scopes.ts";

/** What is known of a function whose text stands at some places. */
interface Identity {
  /** The calls up to the one that names it, if one does: what comes by the same calls is its twin. */
  readonly namedBy: readonly CallPlace[] | undefined;
  /** Where else it stands, or may stand, in words. */
  readonly elsewhere: string | undefined;
}

/**
 * Compares a function with those at the sites.
 *
 * @param calls The calls on the stack, innermost first.
 */
export function identify(
  fn: Function,
  sought: Sought,
  { tree, sites }: Places,
  calls: readonly CallPlace[],
): Identity {
  const named = sites.map(({ node }) => namedByCall(calls, tree, node));
  const at = named.find((each) => typeof each === "number");
  if (at !== undefined) return { namedBy: calls.slice(0, at + 1), elsewhere: undefined };
  const location = server.functionLocation?.(fn);
  if (location === undefined) {
    const isProperty = named.includes("property");
    return {
      namedBy: undefined,
      elsewhere: isProperty ? undefined : otherPlace(sought, tree.url, calls),
    };
  }
  const position = positionIn(tree, location.line, location.column);
  const isHere = sites.some((site) => beginsAt(site, position));
  // What a loader has compiled is not where its text is.
  if (isHere || sites.every(({ node }) => tree.text.slice(node.start, node.end) !== sought.text))
    return { namedBy: undefined, elsewhere: undefined };
  const url = withoutSlice(fileUrl(location.script()?.url ?? "") ?? tree.url);
  return {
    namedBy: undefined,
    elsewhere: url === tree.url ? undefined : `is one of ${nameOf(url)}`,
  };
}

/** Engines say that a function begins at its name, or at its parameters. */
function beginsAt({ node, method }: CodeSite, position: number): boolean {
  return (method?.start ?? node.start) <= position && position <= node.body.start;
}

/** Where another function with that text may stand, as far as texts show. */
function otherPlace(sought: Sought, url: string, calls: readonly CallPlace[]): string | undefined {
  const modules = [...new Set([...calls.map((call) => call.url), url])];
  for (const { tree, sites } of placesElsewhere(sought, modules)) {
    const [site] = sites;
    if (tree.url !== url && site) return `may be one of ${placeIn(tree, site.node.start, true)}`;
  }
  if (server.loadedModules !== undefined) return undefined;
  const loading = loadsByVariable(modules);
  return loading && `may be one of a module that ${loading} imports by a variable`;
}

function nameOf(url: string): string {
  return decodeURIComponent(url.replace(/^.*\//, ""));
}
