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

/** The names after an identifier, as in `.a.b`. What is called at the end is read of its object. */
const PROPERTIES = /^(?:\s*(?:\?\.|\.)\s*[\w$]+|\[["'][\w$]+["']\])+/;
const CALLED = /\s*(?:\?\.|\.)\s*[\w$]+$/;

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
    const path = [...name, ...propertiesAfter(node, layout.tree.text)];
    if (!module.reads.has(path.join("."))) module.reads.set(path.join("."), { path, binding });
  }
  return [...modules].map(([url, { specifier, reads }]) => ({
    url,
    specifier,
    reads: [...reads.values()],
  }));
}

function propertiesAfter({ end }: SyntaxNode, text: string): readonly string[] {
  const rest = text.slice(end, end + 500);
  let found = PROPERTIES.exec(rest)?.[0] ?? "";
  if (/^\s*(?:\?\.)?\s*(?:\(|`)/.test(rest.slice(found.length))) found = found.replace(CALLED, "");
  return found.match(/[\w$]+/g) ?? [];
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
