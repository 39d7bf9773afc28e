/**
 * Judges the history of a bounded queue: is there an order of its operations, each
 * taking effect between its call and its return, that a queue could have shown?
 *
 * Such an order loses nothing, doubles nothing, keeps first in first out, and has
 * every refusal at a moment when the queue was full or empty. An operation whose
 * agent died may have taken effect or not.
 *
 * After J. Wing, C. Gong, "Testing and verifying concurrent objects".
 */
import type { AgentContext, Note } from "heddle/testing";

const PUSH = 0;
const TAKE = 1;

/** The agent of the takes that empty the queue in the end. */
const NOBODY = -1;
/** What a take that found nothing returned. */
const NOTHING = -1;

interface Operation {
  readonly kind: typeof PUSH | typeof TAKE;
  readonly agent: number;
  readonly argument: number;
  readonly calledAt: number;
  /** Undefined when the agent died in it. */
  returned?: { readonly at: number; readonly value: number };
}

/** The part of a ring that a history is kept of. */
export interface Queue {
  push(value: number): boolean;
  take(claim?: (value: number) => boolean): number;
}

/** A queue that notes its calls and returns. */
export function recorded(queue: Queue, context: AgentContext): Queue {
  return {
    push(value) {
      noteCall(context, PUSH, value);
      const isPushed = queue.push(value);
      noteReturn(context, isPushed ? 1 : 0);
      return isPushed;
    },
    take(claim) {
      noteCall(context, TAKE, 0);
      const value = queue.take(claim);
      noteReturn(context, value);
      return value;
    },
  };
}

const CALL = 1 << 20;
const RETURN = 1 << 21;

function noteCall(context: AgentContext, kind: number, argument: number): void {
  context.note(CALL | (kind << 16) | argument);
}

function noteReturn(context: AgentContext, value: number): void {
  context.note(RETURN | (value + 1));
}

function readHistory(notes: readonly Note[]): Operation[] {
  const operations: Operation[] = [];
  for (const [at, { agent, value }] of notes.entries()) {
    if ((value & CALL) !== 0) {
      const kind = (value >> 16) & 1 ? TAKE : PUSH;
      operations.push({ kind, agent, argument: value & 0xffff, calledAt: at });
    } else if ((value & RETURN) !== 0) {
      const pending = operations.findLast((operation) => operation.agent === agent);
      if (pending) pending.returned = { at, value: (value & 0xffff) - 1 };
    }
  }
  return operations;
}

export interface QueueHistory {
  readonly notes: readonly Note[];
  readonly capacity: number;
  /** What the queue held at first. */
  readonly initial?: readonly number[];
  /** What it was found to hold after the last operation. */
  readonly remaining: readonly number[];
}

/** @throws {Error} No queue of that capacity can have this history. */
export function assertLinearizable({
  notes,
  capacity,
  initial = [],
  remaining,
}: QueueHistory): void {
  const operations = readHistory(notes);
  for (const [index, value] of [...remaining, NOTHING].entries()) {
    const at = notes.length + 2 * index;
    operations.push({
      kind: TAKE,
      agent: NOBODY,
      argument: 0,
      calledAt: at,
      returned: { at: at + 1, value },
    });
  }
  if (canContinue(operations, [...initial], capacity)) return;
  const history = operations.map(({ kind, agent, argument, calledAt, returned }) => {
    const call = kind === PUSH ? `push(${argument})` : "take()";
    return `  ${agent === NOBODY ? "in the end" : `agent ${agent}`}: ${call} ${returned ? `= ${returned.value}, ${calledAt} to ${returned.at}` : "never returned"}`;
  });
  throw new Error(`No queue of ${capacity} can do this:\n${history.join("\n")}`);
}

function canContinue(
  left: readonly Operation[],
  content: readonly number[],
  capacity: number,
): boolean {
  if (left.every(({ returned }) => returned === undefined)) return true;
  const firstReturn = Math.min(...left.map(({ returned }) => returned?.at ?? Infinity));
  return left.some((operation) => {
    if (operation.calledAt > firstReturn) return false;
    const after = apply(operation, content, capacity);
    if (after === undefined) return false;
    return canContinue(
      left.filter((other) => other !== operation),
      after,
      capacity,
    );
  });
}

/** What the queue holds after an operation; undefined when it cannot have returned what it did. */
function apply(
  { kind, argument, returned }: Operation,
  content: readonly number[],
  capacity: number,
) {
  if (kind === PUSH) {
    const isPushed = content.length < capacity;
    if (returned !== undefined && (returned.value === 1) !== isPushed) return undefined;
    return isPushed ? [...content, argument] : content;
  }
  const [first = NOTHING, ...rest] = content;
  if (returned !== undefined && returned.value !== first) return undefined;
  return rest;
}
