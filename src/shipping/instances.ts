/**
 * Objects of the user's classes on their way to another agent: as own fields, which get the
 * class as their prototype there, or as what the class's own {@link reduce} gives.
 *
 * A constructor does not run where an object is made of its fields, so what only a constructor
 * makes cannot be sent that way: private fields, and what a class of the runtime's keeps inside.
 */
import { isClassText } from "../base/functions.ts";
import { KEY } from "../base/registry.ts";
import type { CodeReference, Instance } from "../wire/channel.ts";
import type { FunctionReference } from "./function-reference.ts";
import { isOfPlatform } from "../wire/nature.ts";
import { NOWHERE } from "./syntax/reasons.ts";
import { reduce } from "./reduce.ts";

/** @returns How the object is sent; or what it is and why it cannot be, as the end of a sentence. */
export function describeInstance(instance: object, find: FindCode): Instance | string {
  const { constructor } = instance;
  const name = `an instance of ${constructor.name || "a class without a name"}`;
  const method = (instance as { readonly [reduce]?: unknown })[reduce];
  if (typeof method === "function") {
    const args: unknown = Reflect.apply(method, instance, []);
    const made = reduced(args, find);
    return typeof made === "string" ? `${name}, whose [reduce]() ${made}` : made;
  }
  const obstacle = obstacleIn(constructor);
  if (obstacle !== undefined) return `${name}, ${obstacle}`;
  if (Object.getOwnPropertySymbols(instance).length > 0) {
    return `${name}, which has fields with symbols as keys. ${ADVICE}`;
  }
  const reference = find(constructor);
  if (typeof reference === "string") return `${name}, ${reason(reference)}`;
  return isRuntimes(reference)
    ? `${name}, ${OF_RUNTIME}`
    : { reference, name: constructor.name, args: undefined };
}

/** How a class or function is found elsewhere; or why it cannot be sent. */
type FindCode = (fn: Function) => CodeReference | string;

function reason(why: string): string {
  return why.startsWith(NOWHERE) ? "which no module exports" : `whose class cannot be sent: ${why}`;
}

const ADVICE = 'Give the class a method [reduce] (import { reduce } from "heddle")';

const OF_RUNTIME =
  "which belongs to the runtime. Send what it is made of, and make one in the function";

function reduced(pair: unknown, find: FindCode): Instance | string {
  if (!Array.isArray(pair) || typeof pair[0] !== "function" || !Array.isArray(pair[1])) {
    return "does not return a function and its arguments";
  }
  const [maker, args] = pair as [Function, unknown[]];
  const reference = find(maker);
  if (typeof reference === "string") {
    const what = isClassText(maker) ? reason(reference) : `which cannot be sent: ${reference}`;
    return `returns "${maker.name}", ${what}`;
  }
  if (isRuntimes(reference)) return `returns "${maker.name}", which no module exports`;
  return { reference, name: maker.name, args };
}

function isRuntimes(given: CodeReference): boolean {
  const reference = given as FunctionReference;
  return reference.kind === "module" && !/^(?:file|https?|data|blob):/.test(reference.url);
}

/** By class: why its objects are more than their fields, or undefined. */
const obstacles = new WeakMap<Function, string | undefined>();

function obstacleIn(constructor: Function): string | undefined {
  if (!obstacles.has(constructor)) obstacles.set(constructor, findObstacle(constructor));
  return obstacles.get(constructor);
}

function findObstacle(constructor: Function): string | undefined {
  for (let Class = constructor; ;) {
    // An executor's, say, or a future's, of whichever copy of heddle.
    if (KEY in Class.prototype) return "which stays in the thread that made it";
    if (hasPrivateFields(Class)) return `which has private fields. ${ADVICE}`;
    const prototype = Object.getPrototypeOf(Class.prototype) as object | null;
    if (prototype === null || prototype === Object.prototype) return undefined;
    Class = prototype.constructor;
    if (isOfPlatform(Class)) {
      return Class.name === constructor.name
        ? OF_RUNTIME
        : `which extends ${Class.name}. ${ADVICE}`;
    }
  }
}

/**
 * Whether the text of a class uses private names. One that it declares and never uses holds nothing.
 * A compiler may have made WeakMaps of them.
 */
const PRIVATE =
  /[\w$)\]]\??\.\s*#[\p{ID_Start}$_]|#[\w$]+\s+in\b|\b_{1,2}(?:private|classPrivate)\w*\(/u;

function hasPrivateFields(Class: Function): boolean {
  return PRIVATE.test(Function.prototype.toString.call(Class));
}
