/**
 * Which calls make a coroutine, or another operation that does nothing until it is waited for.
 *
 * What can be seen in the file counts: generator functions, functions and variables whose
 * type says `Coroutine` or `Awaitable`, what `coroutine()` has made, and the functions
 * of `heddle/asyncio` that are known to be lazy. Not what other modules export, nor
 * methods, but for those of the class around the call: that would take types.
 */
import {
  type Call,
  type Declarator,
  type FunctionNode,
  type Identifier,
  type ImportSpecifier,
  isCall,
  isFunction,
  isIdentifier,
  type Member,
  type Node,
  type RuleContext,
  type TypeAnnotation,
  variableOf,
} from "./syntax.ts";

const MODULE = "heddle/asyncio";

/** Functions of `heddle/asyncio` that do nothing until what they return is waited for. */
const LAZY = /^(?:sleep|wait|waitFor|timeout|timeoutAt|taskGroup|each|fromPromise)$/;
const COROUTINE_TYPE = /^(?:Coroutine|Awaitable)$/;

/** Whether the file has anything to do with coroutines. */
export function importsAsyncio(context: RuleContext): boolean {
  const { body } = context.sourceCode.ast as Node & { readonly body: readonly Node[] };
  return body.some((statement) => isImportOf(statement));
}

/** Whether the call gives something that is still to be waited for. */
export function makesCoroutine(context: RuleContext, { callee }: Call): boolean {
  if (isIdentifier(callee)) return meansCoroutines(context, callee);
  if (callee.type !== "MemberExpression") return isFunction(callee) && returnsCoroutine(callee);
  const { object, property, computed } = callee as Member;
  if (computed || !isIdentifier(property)) return false;
  if (object.type === "ThisExpression") return isGeneratorMethod(callee, property.name);
  return isIdentifier(object) && LAZY.test(property.name) && isNamespace(context, object);
}

/** Whether it is a call of the function of that name of `heddle/asyncio`. */
export function isCallOf(context: RuleContext, node: Node | null, name: string): boolean {
  if (!isCall(node)) return false;
  const { callee } = node;
  if (isIdentifier(callee)) return importedName(context, callee) === name;
  if (callee.type !== "MemberExpression") return false;
  const { object, property } = callee as Member;
  return (
    isIdentifier(object) &&
    isIdentifier(property) &&
    property.name === name &&
    isNamespace(context, object)
  );
}

/** Whether it is declared to return a coroutine, or is a generator. */
function returnsCoroutine(fn: FunctionNode): boolean {
  return (fn.generator === true && fn.async !== true) || isCoroutineType(fn.returnType);
}

/** Whether the type is written as `Coroutine<…>` or `Awaitable<…>`. */
export function isCoroutineType(annotation: TypeAnnotation | null | undefined): boolean {
  const type = annotation?.typeAnnotation;
  if (type?.type !== "TSTypeReference") return false;
  const { typeName } = type;
  const name =
    typeName?.type === "TSQualifiedName"
      ? (typeName as unknown as { readonly right: Identifier }).right
      : typeName;
  return isIdentifier(name) && COROUTINE_TYPE.test(name.name);
}

function meansCoroutines(context: RuleContext, callee: Identifier): boolean {
  const imported = importedName(context, callee);
  if (imported !== undefined) return LAZY.test(imported);
  const [definition] = variableOf(context, callee)?.defs ?? [];
  if (definition === undefined) return false;
  const { node, name } = definition;
  // A parameter is defined by the function that has it.
  if (isFunction(node) && node.id === name) return returnsCoroutine(node);
  if (node.type === "TSDeclareFunction")
    return isCoroutineType((node as Partial<FunctionNode>).returnType);
  if (isFunctionTypeOfCoroutines((name as Identifier).typeAnnotation)) return true;
  if (node.type !== "VariableDeclarator") return false;
  const { init } = node as Declarator;
  if (init === null) return false;
  return isFunction(init) ? returnsCoroutine(init) : isCallOf(context, init, "coroutine");
}

function isFunctionTypeOfCoroutines(annotation: TypeAnnotation | null | undefined): boolean {
  const type = annotation?.typeAnnotation;
  return type?.type === "TSFunctionType" && isCoroutineType(type.returnType);
}

/** What it is called in `heddle/asyncio`, if it is imported from there. */
function importedName(context: RuleContext, identifier: Identifier): string | undefined {
  const [definition] = variableOf(context, identifier)?.defs ?? [];
  if (definition?.node.type !== "ImportSpecifier") return undefined;
  const { imported, parent } = definition.node as ImportSpecifier;
  return isImportOf(parent) ? imported.name : undefined;
}

function isNamespace(context: RuleContext, identifier: Identifier): boolean {
  const [definition] = variableOf(context, identifier)?.defs ?? [];
  const { type, parent } = definition?.node ?? {};
  return type === "ImportNamespaceSpecifier" && isImportOf(parent);
}

function isImportOf(node: Node | null | undefined): boolean {
  if (node?.type !== "ImportDeclaration") return false;
  return (node as Node & { readonly source: { readonly value: unknown } }).source.value === MODULE;
}

/** Whether the class around the node has a generator method of that name. */
function isGeneratorMethod(node: Node, name: string): boolean {
  let outer = node.parent;
  while (outer !== undefined && outer !== null && outer.type !== "ClassBody") outer = outer.parent;
  const { body = [] } = (outer ?? {}) as { readonly body?: readonly Node[] };
  return body.some((member) => {
    const { type, key, value } = member as Node & { readonly key: Node; readonly value: Node };
    if (type !== "MethodDefinition" || !isIdentifier(key) || key.name !== name) return false;
    return isFunction(value) && returnsCoroutine(value);
  });
}
