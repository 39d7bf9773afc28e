/**
 * Globals that a module gives to its own thread, which no worker has. What a function does that
 * runs in workers alone, such as an initializer, it gives to theirs.
 */
import { isWithin } from "../syntax/free-variables.ts";
import { givenGlobalIn } from "../syntax/given-globals.ts";
import type { ModuleTree } from "../syntax/module-tree.ts";
import type { SyntaxNode } from "../syntax/parser.ts";
import type { FunctionSite, Reference } from "../syntax/scopes.ts";
import { holds, isShippedAt } from "./forms.ts";

/** What follows a holder of globals where it names one, as in `globalThis?.a`. */
const PROPERTY = /^[^\w$.;,=]*\??\.\s*[\w$]+/;
const ASSIGNMENT = /^\s*(?:\?\?|\|\|)?=(?![=>])/;

/** The global that is used where `globalThis` stands, if the module gives it to this thread. */
export function givenHere(
  { start, end }: SyntaxNode,
  { text, scopes }: ModuleTree,
): string | undefined {
  const use = text.slice(start, end) + propertyAt(end, text);
  const isGivenBy = ({ name, binding, node }: Reference): boolean => {
    if (binding !== undefined || !/^(?:globalThis|global|self)$/.test(name)) return false;
    const property = propertyAt(node.end, text);
    if (!ASSIGNMENT.test(text.slice(node.end + property.length))) return false;
    if (givenGlobalIn(use, `${name}${property} = 0`) === undefined) return false;
    return !scopes.functions.some((site) => isWithin(node, site.node) && isOfWorkers(site, text));
  };
  return scopes.references.some(isGivenBy) ? givenGlobalIn(use, text) : undefined;
}

function propertyAt(position: number, text: string): string {
  return PROPERTY.exec(text.slice(position))?.[0] ?? "";
}

/** Whether nothing but workers runs a function, as far as its uses show. */
function isOfWorkers({ node, name, around, method }: FunctionSite, text: string): boolean {
  if (method !== undefined) return name === "initializer" && method.owner.type === "Property";
  if (isGivenToWorkers(node, text)) return true;
  const binding = around.own(name);
  if (binding === undefined || !holds(binding, node) || binding.references.length === 0)
    return false;
  return binding.references.every((use) => isGivenToWorkers(use.node, text));
}

/** Whether what stands there is shipped, or is an initializer of workers: also as `{ initializer }`. */
function isGivenToWorkers(node: SyntaxNode, text: string): boolean {
  return (
    isShippedAt(node, text) ||
    /\binitializer\s*:\s*$/.test(text.slice(Math.max(0, node.start - 50), node.start)) ||
    /^initializer\s*[,}]/.test(text.slice(node.start, node.start + 50))
  );
}
