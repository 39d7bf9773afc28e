/** Rules for ESLint and oxlint about coroutines of `heddle/asyncio`. Python: none */
import { noFloatingCoroutine } from "./no-floating-coroutine.ts";
import { noSwallowedCancellation } from "./no-swallowed-cancellation.ts";
import type { Rule } from "./syntax.ts";
import { yieldStar } from "./yield-star.ts";

export type { Rule } from "./syntax.ts";

/** A plugin, as ESLint and oxlint take them. Python: none */
export interface Plugin {
  readonly meta: { readonly name: string };
  readonly rules: Record<string, Rule>;
  readonly configs: { readonly recommended: Config };
}

/** A configuration for ESLint that has all rules be errors. Python: none */
export interface Config {
  readonly name: string;
  readonly plugins: { readonly heddle: Omit<Plugin, "configs"> };
  readonly rules: Record<string, "error">;
}

const meta = { name: "heddle" };

/** The rules, by name. Python: none */
export const rules: Record<string, Rule> = {
  "no-floating-coroutine": noFloatingCoroutine,
  "no-swallowed-cancellation": noSwallowedCancellation,
  "yield-star": yieldStar,
};

/** What can be put into the configuration of ESLint. Python: none */
export const configs: { readonly recommended: Config } = {
  recommended: {
    name: "heddle/recommended",
    plugins: { heddle: { meta, rules } },
    rules: {
      "heddle/no-floating-coroutine": "error",
      "heddle/no-swallowed-cancellation": "error",
      "heddle/yield-star": "error",
    },
  },
};

const plugin: Plugin = { meta, rules, configs };

// oxlint-disable-next-line import/no-default-export -- where linters look for plugins
export default plugin;
