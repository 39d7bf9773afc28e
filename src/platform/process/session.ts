/**
 * The messages between a process and its child, which may change over to a second lane while both
 * run. No message is lost then, and none comes twice.
 *
 * The first lane is the runtime's IPC channel, which only the event loop of the parent's thread
 * serves. When that thread blocks, the second lane takes its place, which another thread serves
 * (detour.ts). Nothing can be taken back from the first lane: what one side has sent may lie in a
 * pipe, or in a buffer of the runtime's. So each side keeps what the other has not acknowledged.
 *
 *   DIRECT     messages go by the first lane; numbers on it acknowledge so many of them
 *   CHANGING   has said on the second lane how many messages have come; those of the first lane are
 *              ignored from here on, and what is sent waits
 *   CHANGED    the other side has said so, too: it has been sent the others once more, and all that
 *              follows. Nothing is kept any more
 *
 *   DIRECT → CHANGING    `changeOver`, on each side once it has the second lane
 *   CHANGING → CHANGED   the first message on the second lane, which is a number
 *
 *   what happens                                  what follows
 *   a message is on its way on the first lane     its receiver ignores it, and its sender repeats it
 *   the child computes, and reads no message      its side changes over when it reads again; it has
 *                                                 kept what it has sent meanwhile
 *   the first lane is full                        the same: what waits in it is repeated
 *   the child dies, in whichever state            the second lane ends, too; its end is reported
 *   the parent dies                               the child ends with its lifeline
 *
 * Messages are numbered by counting: both lanes keep their order.
 */

const DIRECT = 0;
const CHANGING = 1;
const CHANGED = 2;

/** So many messages are acknowledged at the latest, or as many as hold so many bytes. */
const MOST_OWED = 32;
const MOST_OWED_BYTES = 65_536;

type Send = (message: unknown) => void;

/** One side of it. */
export class Session {
  #state: typeof DIRECT | typeof CHANGING | typeof CHANGED = DIRECT;
  /** The first lane, or from CHANGING on the second. */
  #send: Send;
  readonly #deliver: Send;
  /** What has been sent and not acknowledged, oldest first; undefined once it is CHANGED. */
  #kept: unknown[] | undefined = [];
  /** How many messages were acknowledged. */
  #acknowledged = 0;
  #received = 0;
  #owed = 0;
  #owedBytes = 0;

  /**
   * @param send Sends by the first lane.
   * @param deliver Gets the other side's messages, each once.
   */
  constructor(send: Send, deliver: Send) {
    this.#send = send;
    this.#deliver = deliver;
  }

  send(message: unknown): void {
    this.#kept?.push(message);
    if (this.#state !== CHANGING) this.#send(message);
  }

  /** A message has come by the first lane. */
  receive(message: unknown): void {
    if (this.#state !== DIRECT) return;
    if (typeof message === "number") return this.#acknowledge(message);
    this.#received++;
    this.#owed++;
    this.#owedBytes += bytesIn(message);
    // Now, since the calls in it may take long.
    if (this.#owed >= MOST_OWED || this.#owedBytes >= MOST_OWED_BYTES) {
      this.#owed = this.#owedBytes = 0;
      this.#send(this.#received);
    }
    this.#deliver(message);
  }

  /** There is a second lane, which leads to the other side. */
  changeOver(send: Send): void {
    if (this.#state !== DIRECT) return;
    this.#state = CHANGING;
    this.#send = send;
    send(this.#received);
  }

  /** A message has come by the second lane. */
  receiveChanged(message: unknown): void {
    if (this.#state === CHANGED) return this.#deliver(message);
    this.#acknowledge(message as number);
    this.#state = CHANGED;
    const kept = this.#kept ?? [];
    this.#kept = undefined;
    for (const each of kept) this.#send(each);
  }

  #acknowledge(count: number): void {
    this.#kept?.splice(0, count - this.#acknowledged);
    this.#acknowledged = count;
  }
}

/** About how many bytes a message holds. */
function bytesIn(message: unknown): number {
  let bytes = 0;
  for (const value of Object.values(message as object) as unknown[]) {
    if (Array.isArray(value)) for (const item of value as unknown[]) bytes += sizeOf(item);
    else bytes += sizeOf(value);
  }
  return bytes;
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (value instanceof Uint8Array) return value.length;
  return Array.isArray(value) && value[0] instanceof Uint8Array ? value[0].length : 0;
}
