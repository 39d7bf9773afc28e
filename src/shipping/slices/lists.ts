/** What calls of the language do with what they are given, by their names. */
import { type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import type { Binding } from "../syntax/scopes.ts";

/** What is known of the module's variables: see values.ts. */
interface Known {
  bindingOf(node: SyntaxNode): Binding | undefined;
  of(binding: Binding): readonly { readonly node: SyntaxNode; readonly depth: number }[];
  storedIn(binding: Binding): readonly SyntaxNode[];
  methods(name: string): readonly SyntaxNode[];
}

/** Whether a call is `Object.fromEntries(list)`, or gives the object that it is given. */
export function keepsArguments(callee: SyntaxNode, values: Known): boolean {
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return false;
  if (callee.computed || !/^(?:freeze|fromEntries|seal)$/.test(callee.property.name)) return false;
  return isGlobal(callee.object, "Object", values);
}

/** Whether a call is `list.map(fn)` of what is surely a list, or `Array.from(list, fn)`. */
export function makesList(callee: SyntaxNode, values: Known): boolean {
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return false;
  if (callee.computed) return false;
  const { name } = callee.property;
  // A list may have got a method of its own.
  if (values.methods(name).length > 0) return false;
  if (name === "from") return isGlobal(callee.object, "Array", values);
  return /^(?:flatMap|map)$/.test(name) && isList(callee.object, values);
}

function isList(given: SyntaxNode, values: Known): boolean {
  const node = withoutTypes(given);
  switch (node?.type) {
    case "ArrayExpression":
      return true;
    case "CallExpression": {
      const callee = withoutTypes(node.callee);
      if (callee?.type !== "MemberExpression" || callee.property.type !== "Identifier")
        return false;
      const { name } = callee.property;
      return /^(?:keys|entries|values)$/.test(name) && isGlobal(callee.object, "Object", values);
    }
    case "Identifier": {
      const binding = values.bindingOf(node);
      const held = binding ? values.of(binding) : [];
      const isWritten = ({ node: value, depth }: (typeof held)[number]): boolean =>
        depth === 0 && withoutTypes(value)?.type === "ArrayExpression";
      const isChanged = binding && values.storedIn(binding).length > 0;
      return held.length > 0 && !isChanged && held.every(isWritten);
    }
    default:
      return false;
  }
}

/** Whether a call is of a function of the language that reads, sets or calls members of what it is given. */
export function looksInto(callee: SyntaxNode, values: Known): boolean {
  if (callee.type !== "MemberExpression") return isGlobal(callee, "structuredClone", values);
  return ["JSON", "Object", "Reflect"].some((name) => isGlobal(callee.object, name, values));
}

function isGlobal(given: SyntaxNode, name: string, values: Known): boolean {
  const node = withoutTypes(given);
  return node?.type === "Identifier" && node.name === name && values.bindingOf(node) === undefined;
}
