/** How functions and classes in values are named for other agents, and found by these names here. */
import { resolveFunction } from "#functions";
import { server } from "#platform";
import { isClassText } from "../base/functions.ts";
import type { CodeLookup, SentFunction } from "../wire/channel.ts";
import { callerUrls } from "./callers/caller.ts";
import type { FunctionReference } from "./function-reference.ts";
import { describeInstance } from "./instances.ts";
import { loadCode, loadCodeLater } from "./load-code.ts";
import { hasProperties, isMadeAnew, references } from "./references.ts";

/** Why a function or class cannot be sent. */
interface Refused {
  /** What it is, with its place: `the function "f" (main.ts:3:5)`. */
  readonly what: string;
  readonly why: string;
}

/** Finds functions and classes that these modules have, or those that they import. */
export function codeOf(modules: () => readonly (string | undefined)[]): CodeLookup {
  const find = (fn: Function): FunctionReference | Refused => {
    const { byFunction, withoutFields, checks } = references();
    const known = (hasFields(fn) ? withoutFields : byFunction).get(fn);
    if (known !== undefined && !(known instanceof Promise) && !checks.has(known)) return known;
    return findAnew(fn, [...new Set(modules().filter((url) => url !== undefined))]);
  };
  return {
    locate(constructor) {
      const found = find(constructor);
      return isRefused(found) ? undefined : found;
    },
    load: (reference) => loadCode(reference as FunctionReference),
    loadLater: async (reference) => loadCodeLater(reference as FunctionReference),
    isCopy: (fn) => references().copies.has(fn),
    describeFunction: (fn) => described(fn, find(fn)),
    describe: (instance) =>
      describeInstance(instance, (Class) => {
        const found = find(Class);
        return isRefused(found) ? found.why : found;
      }),
  };
}

/** Finds those that the modules on the stack, or the program's entry, have imported. */
export const CALLERS_CODE: CodeLookup = /* @__PURE__ */ codeOf(() => [
  ...callerUrls(),
  server.entryUrl(),
]);

const WAITS =
  "it takes waiting to find the module that exports it. Await a call of it before: await submit(fn)";

/** Those that were looked for in vain, with the modules from which: values are often asked about again. */
const inVain = new WeakMap<Function, { readonly from: string; readonly refused: Refused }>();

function findAnew(fn: Function, urls: readonly string[]): FunctionReference | Refused {
  const from = urls.join(" ");
  const earlier = inVain.get(fn);
  if (earlier?.from === from) return earlier.refused;
  const found = search(fn, urls);
  if (isRefused(found) && found.why !== WAITS) inVain.set(fn, { from, refused: found });
  return found;
}

function isRefused(found: FunctionReference | Refused): found is Refused {
  return "why" in found;
}

function search(fn: Function, urls: readonly string[]): FunctionReference | Refused {
  const what = `the ${isClassText(fn) ? "class" : "function"} "${fn.name}"`;
  const fields = hasFields(fn) ? "apart" : "refused";
  try {
    const reference = resolveFunction(fn, urls, fields);
    if (!(reference instanceof Promise)) return reference;
    reference.catch(() => undefined);
    return { what, why: WAITS };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [, subject, why] =
      /^Cannot ship (.*?(?:"|\))(?: \([^)]*\))?): ([^]*)$/.exec(error.message) ?? [];
    return { what: subject ?? what, why: (why ?? error.message).replace(PASS_IT, SEND_IT) };
  }
}

/** Advice for a function that is called, and what to do if it is sent. */
const PASS_IT = /Pass (?:it|what it needs) as (?:an )?arguments?: submit\(fn, ([^)]*)\)/;
const SEND_IT = 'Send "$1" beside the function, and have the receiver pass it to the function';

function described(fn: Function, found: FunctionReference | Refused): SentFunction | string {
  if (isRefused(found)) return `${found.what}, which cannot be sent: ${found.why}`;
  return { reference: found, hasFields: hasFields(fn) && isMadeAnew(found) };
}

/** The static members of a class are declared with it. */
function hasFields(fn: Function): boolean {
  return hasProperties(fn) && !isClassText(fn);
}
