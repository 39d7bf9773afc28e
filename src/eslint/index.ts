/** Rules for ESLint and oxlint about coroutines of `heddle/asyncio`. Python: none */
import { noFloatingCoroutine } from "./no-floating-coroutine.ts";
import { noPromiseCombinator } from "./no-promise-combinator.ts";
import { noSwallowedCancellation } from "./no-swallowed-cancellation.ts";
import type { Rule } from "./syntax.ts";
import { yieldStar } from "./yield-star.ts";

export type { Rule } from "./syntax.ts";

/** A plugin, as ESLint and oxlint take them. Python: none */
export interface Plugin {
  /** What linters call the plugin. */
  readonly meta: { readonly name: string };
  /** The rules, by name. */
  readonly rules: Record<string, Rule>;
  /** Configurations to extend. */
  readonly configs: { readonly recommended: Config };
}

/** A configuration for ESLint that has all rules be errors. Python: none */
export interface Config {
  /** What ESLint calls the configuration. */
  readonly name: string;
  /** The plugin, under the name that the rules begin with. */
  readonly plugins: { readonly heddle: Omit<Plugin, "configs"> };
  /** How bad a breach of each rule is. */
  readonly rules: Record<string, "error">;
}

const meta = { name: "heddle" };

/** The rules, by name. Python: none */
export const rules: Record<string, Rule> = {
  "no-floating-coroutine": noFloatingCoroutine,
  "no-promise-combinator": noPromiseCombinator,
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
      "heddle/no-promise-combinator": "error",
      "heddle/no-swallowed-cancellation": "error",
      "heddle/yield-star": "error",
    },
  },
};

/** The plugin. Python: none */
const plugin: Plugin = { meta, rules, configs };

// oxlint-disable-next-line import/no-default-export -- where linters look for plugins
export default plugin;
