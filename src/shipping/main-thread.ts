/** What a program asks to tell its main thread, and its main module, from the others. */
import { checkedObject, checkedType } from "../base/options.ts";
import { server } from "#platform";

/** Whether this is the thread that the program was started in. Python: `threading.main_thread` */
export const isMainThread: boolean = /* @__PURE__ */ (() => server.isProgramThread)();

/**
 * Whether the module that asks is the one that the program was started with, in its main thread.
 *
 * Python: `__name__`
 *
 * @param meta `import.meta` of the module that asks.
 *
 * @example
 * ```ts
 * import { isMain } from "heddle";
 *
 * if (isMain(import.meta)) console.log("started"); // started
 * ```
 */
export function isMain(meta: { readonly url: string }): boolean {
  checkedType(checkedObject(meta, "isMain: meta").url, "string", "isMain: meta.url");
  return server.isProgramThread && meta.url === server.entryUrl();
}
