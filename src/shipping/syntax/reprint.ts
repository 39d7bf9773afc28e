/**
 * Compares functions as a runtime prints them that compiles every module: it folds constants,
 * and writes some things in another way. So both texts go through its compiler once more,
 * a function of a module with the constants around it that may have been folded in.
 */
import { server } from "#platform";
import { isWithin } from "./free-variables.ts";
import { childNodes, parseModule, type SyntaxNode, withoutTypes } from "./parser.ts";
import { printed } from "./print.ts";
import type { CodeSite, Scopes } from "./scopes.ts";

/** What is needed of a module. */
interface Text {
  readonly text: string;
  readonly scopes: Scopes;
}

/** Those of the sites that come out as the function with this text does. */
export function sitesReprinted(
  tree: Text,
  sites: readonly CodeSite[],
  text: string,
  isMethod: boolean,
): readonly CodeSite[] {
  if (server.recompile === undefined) return [];
  const wanted = reprinted("", isMethod ? `({${text}})` : `(${text})`);
  if (wanted === undefined) return [];
  return sites.filter((site) => {
    const { node, method } = site;
    const own = tree.text.slice(method?.start ?? node.start, node.end);
    const value = method === undefined ? `(${own})` : `({${own.replace(/^static\s+/, "")}})`;
    return reprinted(constantsAround(tree, site, text), value) === wanted;
  });
}

function reprinted(constants: string, value: string): string | undefined {
  // In a function, as code that may be folded; given away, as code that must not be dropped.
  const code = `export function holder() { ${constants} globalThis.held = ${value}; }`;
  const text = server.recompile?.(code);
  const program =
    text === undefined ? undefined : parseModule(text, "file:///reprinted.js")?.program;
  const held = program && heldIn(program);
  return held && printed(held);
}

function heldIn(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type === "AssignmentExpression" && node.left.type === "MemberExpression") {
    const { property } = node.left;
    if (property.type === "Identifier" && property.name === "held") return node.right;
  }
  for (const each of childNodes(node)) {
    const found = heldIn(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Declarations of the constants that the function, as it is printed, may hold by their values. */
function constantsAround({ text, scopes }: Text, { node }: CodeSite, print: string): string {
  const written = new Set<string>();
  for (const { node: place, binding } of scopes.references) {
    if (binding === undefined || !isWithin(place, node)) continue;
    const { kind, node: declared, scope } = binding;
    if (scope.node !== scopes.root.node && isWithin(scope.node, node)) continue;
    if (kind === "enum") written.add(`${text.slice(declared.start, declared.end)};`);
    else if (kind === "const" && isConstant(declared) && !isNamedIn(print, binding.name)) {
      written.add(`const ${text.slice(declared.start, declared.end)};`);
    }
  }
  return [...written].join(" ");
}

/** Whether a text has the name: a constant of a module is folded in some places only. */
function isNamedIn(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const isPart = /[\w$.]/.test(text[at - 1] ?? "") || /[\w$]/.test(text[at + name.length] ?? "");
    if (!isPart) return true;
  }
  return false;
}

function isConstant(declared: SyntaxNode): boolean {
  const value = declared.type === "VariableDeclarator" ? withoutTypes(declared.init) : undefined;
  return /^(?:Literal|TemplateLiteral|UnaryExpression)$/.test(value?.type ?? "");
}
