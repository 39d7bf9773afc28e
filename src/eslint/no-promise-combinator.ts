import { isCallOf, makesCoroutine } from "./coroutine-calls.ts";
import {
  type Call,
  isCall,
  isFunction,
  isIdentifier,
  type Member,
  type Node,
  type Rule,
  type RuleContext,
} from "./syntax.ts";

/** What takes the place of each: these leave waits behind, or take a cancellation for a result. */
const INSTEAD: Readonly<Record<string, string>> = {
  all: "gather([…]), or a task group",
  allSettled: "gather([…], { returnExceptions: true })",
  any: "asCompleted([…])",
  race: "wait(tasks, { returnWhen: FIRST_COMPLETED }), or a time limit by timeout()",
};

/** Functions of `heddle/asyncio` that return a future, or begin something that can be cancelled. */
const STARTERS = ["createTask", "ensureFuture", "gather", "shield", "toThread"];

/**
 * Objects to `Promise.race` and the like of heddle's operations, of which those that it does not
 * wait for any more go on.
 */
export const noPromiseCombinator: Rule = {
  meta: {
    type: "problem",
    docs: { description: "Disallow Promise.race and the like of what heddle can wait for" },
    schema: [],
    messages: {
      combinator:
        "Promise.{{name}} does not cancel what it leaves behind, and takes no part in cancellations: use {{instead}}",
    },
  },
  create(context: RuleContext) {
    return {
      CallExpression(node: Call): void {
        const name = combinatorOf(node.callee);
        if (name === undefined || !takesOperations(context, node.arguments[0])) return;
        const found = { node, messageId: "combinator", data: { name, instead: INSTEAD[name] } };
        context.report(found as never);
      },
    };
  },
};

function combinatorOf(callee: Node): string | undefined {
  if (callee.type !== "MemberExpression") return undefined;
  const { object, property, computed } = callee as Member;
  if (computed || !isIdentifier(object) || object.name !== "Promise") return undefined;
  return isIdentifier(property) && Object.hasOwn(INSTEAD, property.name)
    ? property.name
    : undefined;
}

/** Whether an operation is in the array, or made by the function that `map` is given. */
function takesOperations(context: RuleContext, given: Node | undefined): boolean {
  if (given === undefined) return false;
  if (given.type === "ArrayExpression") {
    const { elements } = given as Node & { readonly elements: readonly (Node | null)[] };
    return elements.some((element) => isOperation(context, element));
  }
  if (!isCall(given) || given.callee.type !== "MemberExpression") return false;
  const { property } = given.callee as Member;
  const [mapper] = given.arguments;
  if (!isIdentifier(property) || property.name !== "map" || mapper === undefined) return false;
  return isFunction(mapper) && mapper.body !== null && isOperation(context, mapper.body);
}

function isOperation(context: RuleContext, node: Node | null): boolean {
  if (!isCall(node)) return false;
  return makesCoroutine(context, node) || STARTERS.some((name) => isCallOf(context, node, name));
}
