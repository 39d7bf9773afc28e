import { importsAsyncio } from "./coroutine-calls.ts";
import {
  functionAround,
  isIdentifier,
  type Node,
  nodesWithin,
  type Rule,
  type RuleContext,
  type Try,
  type Yield,
} from "./syntax.ts";

/** What a `catch` mentions that has cancellations in mind. */
const MINDFUL = /^(?:rethrowCancelled|CancelledError|uncancel)$/;

/** Objects to a `catch` that gets the cancellation of its task, and lets the task go on as if nothing had been. */
export const noSwallowedCancellation: Rule = {
  meta: {
    type: "problem",
    docs: { description: "Disallow catch blocks that swallow the cancellation of their task" },
    schema: [],
    messages: {
      swallowed:
        "This swallows the CancelledError of a task that is cancelled: begin with rethrowCancelled(error), or throw the error again",
    },
  },
  create(context: RuleContext) {
    const isOfCoroutines = importsAsyncio(context);
    return {
      TryStatement(node: Try): void {
        const { block, handler } = node;
        if (!isOfCoroutines || handler === null) return;
        const fn = functionAround(node);
        if (fn !== undefined && fn.async !== true && fn.generator !== true) return;
        if (!some(context, block, isWait) || some(context, handler.body, isMindful)) return;
        context.report({ node: handler, messageId: "swallowed" } as never);
      },
    };
  },
};

function some(context: RuleContext, top: Node, test: (node: Node) => boolean): boolean {
  for (const node of nodesWithin(context, top)) if (test(node)) return true;
  return false;
}

/** A cancellation is delivered only where a task waits. */
function isWait(node: Node): boolean {
  if (node.type === "AwaitExpression") return true;
  if (node.type === "YieldExpression") return (node as Yield).delegate;
  return node.type === "ForOfStatement" && (node as Node & { await: boolean }).await;
}

function isMindful(node: Node): boolean {
  return node.type === "ThrowStatement" || (isIdentifier(node) && MINDFUL.test(node.name));
}
