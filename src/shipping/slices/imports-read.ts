/**
 * What a slice reads of the modules that it imports: by which names, and where.
 *
 * A worker evaluates these modules for itself. What one exports may have been changed here since
 * it was evaluated, so what is read is compared: see imported-state.ts.
 */
import { server } from "#platform";
import { resolvedFrom } from "../syntax/module-text.ts";
import type { SyntaxNode } from "../syntax/parser.ts";
import type { Binding, Reference } from "../syntax/scopes.ts";
import type { Home } from "./checks.ts";
import type { Layout } from "./layout.ts";
import { importedName, isHeddle, specifierOf } from "./pieces.ts";

/** What is read of one module. */
export interface ImportedModule {
  readonly url: string;
  /** As the importing module names it. */
  readonly specifier: string;
  readonly reads: readonly ImportRead[];
}

export interface ImportRead {
  /** The names that lead to it: of the export, and of properties. Empty for all that there is. */
  readonly path: readonly string[];
  readonly binding: Binding;
}

/** The names after an identifier, as in `.a.b`, and how much of the text is looked at for them. */
const PROPERTIES = /^(?:\s*(?:\?\.|\.)\s*[\w$]+|\[["'][\w$]+["']\])+/;
const FARTHEST = 500;

/** What the references lead to in other modules; of a module that workers import, also in that one. */
export function importsRead(
  layout: Layout,
  home: Home,
  references: Iterable<Reference>,
): readonly ImportedModule[] {
  const modules = new Map<string, { readonly specifier: string; reads: Map<string, ImportRead> }>();
  for (const { binding, node } of references) {
    const source = binding && sourceOf(binding, layout, home);
    if (binding === undefined || source === undefined) continue;
    const { url, specifier, name } = source;
    const module = modules.get(url) ?? { specifier, reads: new Map() };
    modules.set(url, module);
    const path = pathOf(name, node, layout.tree.text);
    if (!module.reads.has(path.join("."))) module.reads.set(path.join("."), { path, binding });
  }
  return [...modules].map(([url, { specifier, reads }]) => ({
    url,
    specifier,
    reads: [...reads.values()],
  }));
}

/** What is called is read of its object, if it has one: `registry` for `registry.get()`. */
function pathOf(name: readonly string[], { end }: SyntaxNode, text: string): readonly string[] {
  const rest = text.slice(end, end + FARTHEST);
  const properties = PROPERTIES.exec(rest)?.[0] ?? "";
  const path = [...name, ...(properties.match(/[\w$]+/g) ?? [])];
  const isCalled = /^\s*(?:\?\.)?\s*(?:\(|`)/.test(rest.slice(properties.length));
  return isCalled && path.length > 1 ? path.slice(0, -1) : path;
}

interface Source {
  readonly url: string;
  readonly specifier: string;
  /** Of the export; empty for what holds all. */
  readonly name: readonly string[];
}

function sourceOf(binding: Binding, layout: Layout, home: Home): Source | undefined {
  const { tree, pieces } = layout;
  const [piece] = pieces.of.get(binding) ?? [];
  if (piece === undefined) return undefined;
  const specifier = specifierOf(piece);
  if (specifier === undefined) {
    const exported = home.isImported ? pieces.exported.get(binding.name) : undefined;
    if (exported === undefined) return undefined;
    return { url: tree.url, specifier: tree.url, name: [exported] };
  }
  if (isHeddle(specifier) || server.isBuiltinModule(specifier)) return undefined;
  const name = importedName(binding, piece);
  const url = name && resolvedFrom(tree.url, specifier);
  return name && url?.startsWith("file:") ? { url, specifier, name } : undefined;
}
