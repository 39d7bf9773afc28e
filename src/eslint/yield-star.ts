import { importsAsyncio, isCallOf, isCoroutineType, makesCoroutine } from "./coroutine-calls.ts";
import {
  functionAround,
  type FunctionNode,
  isCall,
  nodesWithin,
  type Rule,
  type RuleContext,
  type Yield,
} from "./syntax.ts";

interface Fixer {
  replaceTextRange(range: readonly [number, number], text: string): unknown;
}

/** Objects to `yield` where a coroutine waits: only `yield*` waits, and gives the result. */
export const yieldStar: Rule = {
  meta: {
    type: "problem",
    docs: { description: "Require yield* for waits in coroutines" },
    fixable: "code",
    schema: [],
    messages: { star: "This does not wait: a coroutine waits with yield*" },
  },
  create(context: RuleContext) {
    const isOfCoroutines = importsAsyncio(context);
    return {
      YieldExpression(node: Yield): void {
        const { argument, delegate, range } = node;
        if (!isOfCoroutines || delegate || argument === null) return;
        const fn = functionAround(node);
        if (fn === undefined || fn.async === true) return;
        if (!isDeclaredCoroutine(context, fn)) {
          // An ordinary generator may yield whatever it likes.
          if (!isCall(argument) || !waits(context, fn)) return;
        }
        const fix = (fixer: Fixer): unknown =>
          fixer.replaceTextRange([range[0], range[0] + "yield".length], "yield*");
        context.report({ node, messageId: "star", fix } as never);
      },
    };
  },
};

/** Whether it says of itself that it is a coroutine. */
function isDeclaredCoroutine(context: RuleContext, fn: FunctionNode): boolean {
  return isCoroutineType(fn.returnType) || isCallOf(context, fn.parent ?? null, "coroutine");
}

/** Whether it waits for something of heddle's, by `yield*` or by mistake. */
function waits(context: RuleContext, fn: FunctionNode): boolean {
  if (fn.body === null) return false;
  for (const node of nodesWithin(context, fn.body)) {
    if (node.type !== "YieldExpression") continue;
    const { argument } = node as Yield;
    if (isCall(argument) && makesCoroutine(context, argument)) return true;
  }
  return false;
}
