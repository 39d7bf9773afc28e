/// <reference lib="esnext.disposable" preserve="true" />
/** Python: `contextvars` */
export { ContextVar, type ContextVarOptions } from "./context-var.ts";
export { Context, copyContext } from "./context.ts";
export { Token } from "./token.ts";
