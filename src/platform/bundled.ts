/**
 * Node, for programs into which a bundler puts heddle: with what heddle otherwise finds in files.
 * Bundlers follow the condition "module" of package.json; runtimes do not.
 */
import * as acorn from "acorn";
import * as lexer from "es-module-lexer";
import { platform as node } from "./node.ts";
import type { Server, ServerPlatform } from "./platform.ts";
import { WORKER_TEXT } from "./worker-text.ts";

/** A bundle holds no TypeScript. */
const PARSERS = { acorn, "es-module-lexer": lexer, "@sveltejs/acorn-typescript": {} };

// Not a copy: some of Node's properties load what they tell of.
export const platform: ServerPlatform = /* @__PURE__ */ Object.create(node, {
  workerText: { value: WORKER_TEXT },
  parser: { value: (name: keyof typeof PARSERS): object => PARSERS[name] },
}) as ServerPlatform;

export const server: Server = platform;
