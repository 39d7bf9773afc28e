import { makesCoroutine } from "./coroutine-calls.ts";
import { isCall, type Node, type Rule, type RuleContext } from "./syntax.ts";

/** Objects to a call that makes a coroutine of which nothing is made: it never runs. */
export const noFloatingCoroutine: Rule = {
  meta: {
    type: "problem",
    docs: { description: "Disallow coroutines that are made and never waited for" },
    schema: [],
    messages: {
      floating:
        "This makes a coroutine that never runs: wait for it with yield* or await, or give it to createTask()",
    },
  },
  create(context: RuleContext) {
    return {
      ExpressionStatement({ expression }: Node & { readonly expression: Node }): void {
        const { type, operator, argument } = expression as Node & {
          readonly operator?: string;
          readonly argument?: Node;
        };
        const call = type === "UnaryExpression" && operator === "void" ? argument : expression;
        if (!isCall(call) || !makesCoroutine(context, call)) return;
        context.report({ node: call, messageId: "floating" } as never);
      },
    };
  },
};
