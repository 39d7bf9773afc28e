/**
 * Which functions and classes this agent has, and the references that name them in others.
 *
 * Each way is needed: a function that is sent twice is looked for once, and a reference that
 * comes twice, or comes home, is the same function again.
 */
import type { CallPlace } from "./callers/call-places.ts";
import { EXPORT } from "../base/slice-urls.ts";
import { threadRegistry } from "../base/registry.ts";
import type { checkState, noteModule } from "./module-state.ts";
import type { FunctionReference, SliceReference, SourceReference } from "./function-reference.ts";

interface NamedByCalls {
  readonly calls: readonly CallPlace[];
  readonly reference: SliceReference;
}

interface References {
  readonly byFunction: WeakMap<Function, FunctionReference | Promise<FunctionReference>>;
  /** Those of functions whose own properties are sent beside them. */
  readonly withoutFields: WeakMap<Function, FunctionReference | Promise<FunctionReference>>;
  /**
   * Closures made again and again from one text are one function to the worker.
   * A text that uses globals is kept with the modules on the stack, whose variables may hide them.
   */
  readonly byText: Map<string, SourceReference>;
  /** The same where the meaning of a text depends on its place: each with the calls that name the function. */
  readonly byPlace: Map<string, NamedByCalls[]>;
  /** Throw if something has changed since that the functions of these references read. */
  readonly checks: WeakMap<FunctionReference, () => void>;
  /** What compares the modules of this agent with the program's: workers have it. */
  noteModule?: typeof noteModule;
  checkState?: typeof checkState;
  /** Those that this agent has made, or loaded, for a reference. */
  readonly copies: WeakSet<Function>;
  /** By the references' {@link keyOf}. */
  readonly functions: Map<string, WeakRef<Function>>;
  /** Takes those out of the map that nothing else holds. */
  readonly forgotten: FinalizationRegistry<string>;
}

export function references(): References {
  return threadRegistry("references@4", () => {
    const functions = new Map<string, WeakRef<Function>>();
    const forgotten = new FinalizationRegistry<string>((key) => {
      if (functions.get(key)?.deref() === undefined) functions.delete(key);
    });
    return {
      byFunction: new WeakMap(),
      withoutFields: new WeakMap(),
      byText: new Map(),
      byPlace: new Map(),
      checks: new WeakMap(),
      copies: new WeakSet(),
      functions,
      forgotten,
    };
  });
}

/** The function or class that the reference names, if this agent has had it. */
export function functionNamed(reference: FunctionReference): Function | undefined {
  return references().functions.get(keyOf(reference))?.deref();
}

/** Notes that this agent has the function that the reference names. */
export function noteFunction(reference: FunctionReference, fn: Function): void {
  const { functions, forgotten } = references();
  const key = keyOf(reference);
  if (functions.get(key)?.deref() === fn) return;
  functions.set(key, new WeakRef(fn));
  forgotten.register(fn, key);
}

/** Whether the receiver makes the function of its text alone, rather than with all that its module does to it. */
export function isMadeAnew(reference: FunctionReference): boolean {
  if (reference.kind === "slice") return reference.exportName === EXPORT;
  return reference.kind === "source";
}

/** Whether it has properties of its own that were given to it. Asked at each call, so it makes no list. */
export function hasProperties(fn: Function): boolean {
  for (const name in fn) if (Object.hasOwn(fn, name)) return true;
  return false;
}

/** What no other function of the program has, in any agent. */
export function newId(): string {
  return Math.trunc(Math.random() * 2 ** 52).toString(36);
}

/** The same for all references to one function. */
export function keyOf(reference: FunctionReference): string {
  switch (reference.kind) {
    case "module":
      return `${reference.exportName} ${reference.url}`;
    case "task":
      return `task ${reference.key} ${reference.url}`;
    case "slice":
      return `slice ${reference.exportName} ${reference.sliceUrl}`;
    default:
      return `source ${reference.id} ${reference.name} ${reference.body}`;
  }
}
