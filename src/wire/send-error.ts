/** Finds the part of a value that cannot cross. */
import { SendError } from "../errors.ts";
import { type Carrier, type Channel, type CodeLookup, MESSAGE } from "./channel.ts";
import {
  CONTAINER,
  INSTANCE,
  isClonedWhole,
  LEAF,
  natureOf,
  refusalOfSignal,
  SIGNAL,
} from "./nature.ts";
import { withUserFrames } from "./stack.ts";
import { type Part, partsOf, pathOf } from "./parts.ts";

/** Thrown where a value is packed: this part of it cannot be sent. */
export class Refusal extends Error {
  readonly value: unknown;
  /** What it is and why it cannot be sent, as the end of a sentence. */
  readonly what: string;

  constructor(value: unknown, what: string = `a symbol, ${String(value)}`) {
    super(what);
    this.value = value;
    this.what = what;
  }
}

/** The error of a value that has a part which was refused. */
export function refused(
  { value: part, what }: Refusal,
  value: unknown,
  root: string,
  { carrier, code }: Channel,
): SendError {
  const isPart = (object: unknown): true | undefined => (object === part ? true : undefined);
  const path = walk(value, root, isPart, code)?.path ?? root;
  return withUserFrames(
    new SendError(`Cannot send ${root} to ${carrier.receiver}: ${path} is ${what}`, { path }),
  );
}

/**
 * Says which part of `value` cannot be sent, and why.
 *
 * @param root What to call the value itself, such as `args` or `result`.
 * @param refusal What structured clone said.
 */
export function sendError(
  value: unknown,
  root: string,
  refusal: unknown,
  carrier: Carrier = MESSAGE,
): SendError {
  const culprit =
    findCulprit(value, root, carrier) ??
    walk(value, root, (part) => (isUncloneable(part, carrier) ? uncloneable(part) : undefined));
  const reason = refusal instanceof Error ? refusal.message : String(refusal);
  const message =
    culprit === undefined
      ? `Cannot send ${root} to ${carrier.receiver}: ${reason}`
      : `Cannot send ${root} to ${carrier.receiver}: ${culprit.path} is ${culprit.found}`;
  return withUserFrames(new SendError(message, { path: culprit?.path ?? root, cause: refusal }));
}

/** The first part of a value that a channel refuses. */
export function findCulprit(
  value: unknown,
  root: string,
  carrier: Carrier,
  code?: CodeLookup,
): Found<string> | undefined {
  const refusal = (part: unknown): string | undefined => {
    if (typeof part === "symbol") return `a symbol, ${String(part)}`;
    if (typeof part === "function") {
      const described = code?.describeFunction(part);
      return typeof described === "string" ? described : undefined;
    }
    if (typeof part !== "object" || part === null) return undefined;
    const nature = natureOf(part, carrier);
    if (nature === SIGNAL) return refusalOfSignal(part, carrier);
    if (nature !== INSTANCE) return typeof nature === "string" ? nature : undefined;
    const described = code?.describe(part);
    if (typeof described !== "string") return undefined;
    return carrier.messageOnly && isClonedWhole(part) ? undefined : described;
  };
  return walk(value, root, refusal, code);
}

function isUncloneable(part: unknown, carrier: Carrier): boolean {
  return (
    typeof part === "object" &&
    part !== null &&
    natureOf(part, carrier) === LEAF &&
    !isClonedWhole(part)
  );
}

function uncloneable(part: unknown): string {
  return `a ${(part as object).constructor.name}, which cannot be copied`;
}

interface Found<T> {
  readonly path: string;
  readonly found: T;
}

/**
 * Visits a value and what is in it, each object once and in order, until `look` finds something.
 * Does not look into what only structured clone can.
 */
function walk<T>(
  value: unknown,
  root: string,
  look: (part: unknown) => T | undefined,
  code?: CodeLookup,
): Found<T> | undefined {
  const met = new Set<object>();
  const ahead: { readonly part: unknown; readonly path: string }[] = [{ part: value, path: root }];
  for (let next; (next = ahead.pop()) !== undefined;) {
    const { part, path } = next;
    if (isObject(part)) {
      if (met.has(part)) continue;
      met.add(part);
    }
    const found = look(part);
    if (found !== undefined) return { path, found };
    if (!isObject(part) || !isOpen(part, code)) continue;
    const parts: Part[] = [...partsOf(part)];
    for (let inner; (inner = parts.pop()) !== undefined;)
      ahead.push({ part: inner[2], path: path + pathOf(part, inner) });
  }
  return undefined;
}

function isObject(part: unknown): part is object {
  return typeof part === "function" || (typeof part === "object" && part !== null);
}

/** Whether the parts of an object are sent one by one. */
function isOpen(object: object, code?: CodeLookup): boolean {
  if (typeof object === "function") {
    const described = code?.describeFunction(object);
    return typeof described === "object" && described.hasFields;
  }
  const nature = natureOf(object, MESSAGE);
  return nature === CONTAINER || nature === INSTANCE;
}
