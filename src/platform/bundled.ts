/**
 * Any server, for programs into which a bundler puts heddle: with what heddle otherwise finds in files.
 * Bundlers follow the condition "module" of package.json; runtimes do not.
 */
import * as acorn from "acorn";
import * as lexer from "es-module-lexer";
import { platform as own } from "./any-server.ts";
import type { Parser, Server, ServerPlatform } from "./platform.ts";
import { WORKER_TEXT } from "./worker-text.ts";

/** What a bundle contains. There is no TypeScript in it, and little that is found by its export. */
const PARSERS: Partial<Record<Parser, object>> = { acorn, "es-module-lexer": lexer };

function parser(name: Parser): object {
  const found = PARSERS[name];
  if (found === undefined) throw new Error(`Cannot load "${name}": it is not in the bundle`);
  return found;
}

// Not a copy: some of its properties load what they tell of.
export const platform: ServerPlatform = /* @__PURE__ */ Object.create(own, {
  workerText: { value: WORKER_TEXT },
  parser: { value: parser },
}) as ServerPlatform;

export const server: Server = platform;
