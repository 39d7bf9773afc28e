/**
 * A print of a function's or class's syntax that does not depend on how it is written: neither on layout,
 * types and parentheses, nor on what compilers do to every function that they pass on.
 */
import {
  type ClassNode,
  type FunctionNode,
  isFunction,
  isTypeOnly,
  type SyntaxNode,
} from "./parser.ts";
import { isDeclared } from "./scopes.ts";

/** Properties that say how a node is written, or what TypeScript alone knows. */
const WRITING: ReadonlySet<string> = new Set(
  `type start end loc range raw typeAnnotation returnType typeParameters typeArguments
  superTypeParameters superTypeArguments implements optional expression definite declare
  accessibility override readonly abstract decorators importKind exportKind sourceType attributes
  options`.split(/\s+/),
);

/** What a Vite server writes for an import. */
const VITE_IMPORT = /^__vite_ssr_import_\d+__$/;

/**
 * Whether two functions or classes have the same print. A module may have hundreds that could be
 * the same, and most differ in their names or in what they begin with: no more of them is printed.
 */
export function haveSamePrint(a: SyntaxNode, b: SyntaxNode): boolean {
  if (!isFunction(a) || !isFunction(b) || a.body.type !== b.body.type) {
    return printOf(a) === printOf(b);
  }
  if (kindOf(a) !== kindOf(b)) return false;
  const [own, others] = [partsOf(a), partsOf(b)];
  const haveSameHead = (): boolean => headOf(a) === headOf(b);
  const haveSameParts = (): boolean =>
    own.length === others.length &&
    own.every((part, at) => printOf(part) === printOf(others[at] as SyntaxNode));
  return a.body.type === "BlockStatement"
    ? haveSameHead() && haveSameParts()
    : haveSameParts() && haveSameHead();
}

/** Expressions whose prints differ if their types or operators do. */
const PLAIN =
  /^(?:Array|Assignment|Await|Binary|Call|Conditional|Logical|New|Object)Expression$|^BlockStatement$/;

/** Functions of two kinds have other prints; those of the kind `""` may have that of any. */
export function kindOf({ body }: FunctionNode): string {
  if (!body) return "";
  return PLAIN.test(body.type) ? `${body.type} ${"operator" in body ? body.operator : ""}` : "";
}

/** The statements of a function; of an expression of two sides, these: most differ in the second. */
function partsOf({ body }: FunctionNode): readonly SyntaxNode[] {
  switch (body.type) {
    case "BlockStatement":
      return body.body.filter(({ type }) => type !== "EmptyStatement");
    case "BinaryExpression":
      return [body.right, body.left];
    default:
      return [body];
  }
}

/** What is compared once is compared again and again: with each function that is submitted. */
const prints = new WeakMap<SyntaxNode, string>();

function printOf(node: SyntaxNode): string {
  let print = prints.get(node);
  if (print === undefined) prints.set(node, (print = printed(node)));
  return print;
}

/** Prints a tree. Two functions that do the same in the same words have the same print. */
export function printed(value: unknown): string {
  if (value === null || value === undefined) return "~";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) {
    const items = (value as (SyntaxNode | null)[]).filter(
      (item) => item?.type !== "EmptyStatement",
    );
    return `[${items.map(printed).join()}]`;
  }
  return printedNode(value as SyntaxNode);
}

function printedNode(node: SyntaxNode): string {
  switch (node.type) {
    case "ParenthesizedExpression":
      return printed(node.expression);
    case "ExpressionStatement":
      return `${printed(node.expression)};`;
    case "ChainExpression":
      return `?${printed(node.expression)}`;
    case "Identifier":
      return node.name;
    case "Literal":
      if (node.regex) return `/${node.regex.pattern}/${node.regex.flags}`;
      return node.bigint ? `${node.bigint}n` : JSON.stringify(node.value);
    case "TemplateElement":
      return JSON.stringify(node.value.cooked);
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return printedFunction(node);
    case "ClassDeclaration":
    case "ClassExpression":
      return printedClass(node);
    case "MemberExpression": {
      const { object, property, computed, optional } = node;
      if (object.type === "Identifier" && VITE_IMPORT.test(object.name)) return printed(property);
      const key = computed ? `[${printed(property)}]` : `.${printed(property)}`;
      return printed(object) + (optional ? "?" : "") + key;
    }
    case "CallExpression":
      return `${printed(node.callee)}${node.optional ? "?" : ""}(${printed(node.arguments)})`;
    case "Property":
      // `{ a }` and `{ a: a }`
      return `${node.kind}${node.method ? "()" : ""}${node.computed ? "[]" : ""}${printed(node.key)}:${printed(node.value)}`;
    case "SequenceExpression": {
      // `(0, module.name)(…)`: how compilers write a call of an import
      const [first, second, ...others] = node.expressions;
      const isCall = first?.type === "Literal" && first.value === 0 && others.length === 0;
      return isCall ? printed(second) : printedProperties(node);
    }
    case "UnaryExpression":
      // `!0` and `void 0`: how minifiers write true and undefined
      if (node.argument.type === "Literal" && typeof node.argument.value === "number") {
        if (node.operator === "!") return String(node.argument.value === 0);
        if (node.operator === "void") return "undefined";
      }
      return printedProperties(node);
    default:
      return isTypeWrapper(node) ? printed(node.expression) : printedProperties(node);
  }
}

function isTypeWrapper(node: unknown): node is { readonly expression: SyntaxNode } {
  return /^TS\w+Expression$|^TSTypeAssertion$/.test((node as SyntaxNode).type);
}

function printedFunction(node: FunctionNode): string {
  return headOf(node) + printed(node.body);
}

function headOf(node: FunctionNode): string {
  const params = (node.params as SyntaxNode[]).filter(
    (parameter) => parameter.type !== "Identifier" || parameter.name !== "this",
  );
  const kind = node.type === "ArrowFunctionExpression" ? "=>" : "function";
  const name = "id" in node && node.id ? node.id.name : "";
  return `${kind}${node.async ? " async" : ""}${node.generator ? "*" : ""}${name}(${printed(params)})`;
}

function printedClass({ id, superClass, body }: ClassNode): string {
  // Overloads, abstract members and those that are only declared are types.
  const members = body.body.filter(
    (member) =>
      !isTypeOnly(member) &&
      !isDeclared(member) &&
      !(member.type === "MethodDefinition" && !member.value.body),
  );
  return `class ${id?.name ?? ""} extends ${printed(superClass)}{${members.map(printedProperties).join(";")}}`;
}

function printedProperties(node: SyntaxNode): string {
  const entries = Object.entries(node) as [string, unknown][];
  const properties = entries
    .filter(([key, value]) => !WRITING.has(key) && !isType(value))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}:${printed(value)};`);
  return `${node.type}{${properties.join("")}}`;
}

function isType(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    /^TS(?:Type|Interface)/.test(String((value as { type?: unknown }).type))
  );
}
