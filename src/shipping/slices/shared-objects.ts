/**
 * Initialisers that make what threads share. Every worker that evaluates one makes an object of
 * its own: a lock that no other thread waits for, a queue that no other puts anything into.
 */
import { childNodes, isFunction, type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import { child } from "../syntax/scopes.ts";
import type { Layout } from "./layout.ts";
import type { Piece } from "./pieces.ts";

/** What threads share, by the modules of heddle that export it. */
const SHARED: ReadonlyMap<string, RegExp> = new Map([
  ["heddle/_thread", /^(?:allocateLock|RLock)$/],
  [
    "heddle/threading",
    /^(?:Lock|RLock|Semaphore|BoundedSemaphore|Event|Condition|Barrier|Thread|Timer)$/,
  ],
  ["heddle/queue", /^(?:Queue|LifoQueue|PriorityQueue|SimpleQueue)$/],
  ["heddle/concurrent/futures", /^(?:Future|ThreadPoolExecutor|ProcessPoolExecutor)$/],
]);

/** What the initialiser makes that threads share, in words; undefined if nothing is seen. */
export function sharedObjectIn(piece: Piece, layout: Layout): string | undefined {
  if (piece.node.type !== "VariableDeclarator" || !piece.node.init) return undefined;
  const made = search(piece.node.init, piece, layout);
  return made && `${made} that every worker would make for itself, and not share`;
}

function search(node: SyntaxNode, piece: Piece, layout: Layout): string | undefined {
  if (isFunction(node) || node.type.startsWith("Class")) return undefined;
  if (node.type === "NewExpression" || node.type === "CallExpression") {
    const made = madeBy(node.callee, piece, layout);
    if (made !== undefined) return made;
  }
  for (const each of childNodes(node)) {
    const found = search(each, piece, layout);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a call of this makes, if it is a class of heddle's or shared memory. */
function madeBy(given: SyntaxNode, piece: Piece, layout: Layout): string | undefined {
  const callee = withoutTypes(given);
  if (callee?.type === "MemberExpression") {
    const from = importedAs(callee.object, piece, layout);
    const name = (callee.property as { readonly name?: string }).name ?? "";
    return from?.name === "*" ? inWords(from.module, name) : undefined;
  }
  if (callee?.type !== "Identifier") return undefined;
  if (callee.name === "SharedArrayBuffer" && !layout.tree.scopes.root.own(callee.name)) {
    return "a SharedArrayBuffer";
  }
  const from = importedAs(callee, piece, layout);
  return from && inWords(from.module, from.name);
}

function inWords(module: string, name: string): string | undefined {
  if (SHARED.get(module)?.test(name) !== true) return undefined;
  const what = name === "allocateLock" ? "Lock" : name;
  return /^[AEIO]|^RL/.test(what) ? `an ${what}` : `a ${what}`;
}

/** What an identifier is imported as; `*` for a namespace. */
function importedAs(
  node: SyntaxNode,
  { references }: Piece,
  { pieces }: Layout,
): { readonly module: string; readonly name: string } | undefined {
  const binding = references.find((reference) => reference.node === node)?.binding;
  const [piece] = (binding?.kind === "import" && pieces.of.get(binding)) || [];
  if (binding === undefined || piece === undefined) return undefined;
  const source = child(piece.node, "source") as unknown as { readonly value: string } | undefined;
  const imported = child(binding.node, "imported") as unknown as { name?: string } | undefined;
  const isNamespace = binding.node.type === "ImportNamespaceSpecifier";
  const name = isNamespace ? "*" : (imported?.name ?? "default");
  return source && { module: source.value, name };
}
