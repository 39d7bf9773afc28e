/**
 * The version of what agents share: the messages between them, the layout of their shared
 * memory, how values are encoded. All of it may change in any release, so the protocol's version
 * is the release, and agents of different releases must not meet.
 *
 * They would, if heddle's files were replaced while a program runs, or if only some of them were
 * deployed. So a worker compares before it does anything else, and refuses. For that, and for
 * nothing else, some of what it finds keeps its name and its place in all releases:
 *
 *   protocol        in the worker data: the creator's version
 *   shared.status   memory: word 0 becomes 2 when the worker ends of this; word 2 is the length
 *                   of the text at byte 64, two bytes a character, which says why
 *   shared.bell     memory, and index of the word on which the creator may sleep: to wake it,
 *                   make the word 0 and notify
 *
 * Where memory is not shared, and the creator cannot block, the last two are absent: the
 * worker ends of an error that says the same. A child process finds the version in the
 * first message that it receives, and answers with a RefusedMessage (agents/process-agent.ts).
 */
import { mismatch } from "../base/release.ts";
import { RuntimeError } from "../errors.ts";
import { compareExchange, load } from "../memory/atomics.ts";
import { Doorbell } from "../memory/doorbell.ts";

/** What a worker of any release finds in its worker data. */
export interface Greeting {
  readonly protocol: string;
  readonly shared?: SharedGreeting | undefined;
}

export interface SharedGreeting {
  readonly status: SharedArrayBuffer;
  readonly bell: { readonly memory: SharedArrayBuffer; readonly at: number };
}

const STATE = 0;
const ALIVE = 0;
const REFUSED = 2;
const LENGTH = 2;
const TEXT_AT_BYTE = 64;

/**
 * Worker: makes sure that its creator is of the same release. Before anything else.
 *
 * @throws {RuntimeError} It is not. The creator knows, also if it blocks.
 */
export function checkProtocol({ protocol, shared }: Greeting): void {
  const why = mismatch(protocol);
  if (why === undefined) return;
  if (shared !== undefined) writeRefusal(shared, why);
  throw new RuntimeError(`Cannot start a worker: ${why}`);
}

function writeRefusal({ status, bell }: SharedGreeting, why: string): void {
  const words = new Int32Array(status, 0, TEXT_AT_BYTE / 4);
  const text = new Uint16Array(status, TEXT_AT_BYTE, why.length);
  for (let i = 0; i < why.length; i++) text[i] = why.charCodeAt(i);
  words[LENGTH] = why.length;
  compareExchange(words, STATE, ALIVE, REFUSED);
  new Doorbell(new Int32Array(bell.memory, bell.at * 4, 1)).ringAlways();
}

/** Creator: why the worker does not begin, as the end of a sentence; undefined if it has not refused. */
export function refusalIn(status: ArrayBufferLike): string | undefined {
  const words = new Int32Array(status, 0, TEXT_AT_BYTE / 4);
  if (load(words, STATE) === ALIVE) return undefined;
  const length = words[LENGTH] as number;
  if (length === 0) return undefined;
  return String.fromCharCode(...new Uint16Array(status, TEXT_AT_BYTE, length));
}
