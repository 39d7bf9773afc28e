/**
 * Tasks and results by message, for where memory cannot be shared; the owner's side.
 *
 * A message costs far more than a small task, so tasks travel in batches. How
 * many a worker is given ahead depends on how long its tasks have been taking:
 * about BATCH_MS of work, and just one when a task takes longer than that, so
 * that no task waits behind a long one while another worker is free.
 */
import type { WorkerAgent } from "../agents/worker-agent.ts";
import { RETIRED } from "../agents/status.ts";
import { transferList } from "../wire/transfer.ts";
import type {
  CloseMessage,
  MessageTransportInit,
  TasksMessage,
  WorkerMessage,
} from "./messages.ts";
import { copyArguments, isImmutable } from "./parcel.ts";
import { OVER, type Task, WAITING } from "./task.ts";
import type { Transport, TransportListener } from "./transport.ts";

const NOTHING: readonly object[] = [];

const BATCH_MS = 2;
const MOST_AHEAD = 256;
/** Tasks given ahead to a worker of which nothing is known yet. */
const FIRST_AHEAD = 8;

interface Queued {
  readonly task: Task;
  readonly functionId: number;
  readonly args: readonly unknown[];
  /** What in the arguments can only be moved. */
  readonly transfer: readonly object[];
}

interface Member {
  readonly agent: WorkerAgent;
  /** Tasks sent to the worker and not back yet. */
  readonly sent: Set<number>;
  /** How many may be out at once. */
  ahead: number;
}

export class MessageTransport implements Transport {
  readonly init: MessageTransportInit = { kind: "messages" };
  readonly #listener: TransportListener;
  readonly #members: Member[] = [];
  readonly #sent = new Map<number, Task>();
  #queue: Queued[] = [];
  #queueStart = 0;
  #nextId = 0;
  #isFlushDue = false;
  #isClosing = false;

  constructor(listener: TransportListener) {
    this.#listener = listener;
  }

  attach(index: number, agent: WorkerAgent): void {
    const member: Member = { agent, sent: new Set(), ahead: FIRST_AHEAD };
    this.#members[index] = member;
    agent.port.onMessage((message) => this.#receive(member, index, message as WorkerMessage));
    this.#flushSoon();
  }

  submit(task: Task, functionId: number, args: readonly unknown[]): void {
    const copied = args.every(isImmutable) ? { args, transfer: NOTHING } : copy(args);
    this.#queue.push({ task, functionId, ...copied });
    this.#flushSoon();
  }

  cancel(task: Task): boolean {
    if (task.id !== WAITING) return false;
    task.id = OVER;
    return true;
  }

  isRunning(task: Task): boolean {
    return task.id >= 0;
  }

  queued(): readonly Task[] {
    return this.#queue.slice(this.#queueStart).map(({ task }) => task);
  }

  drain(): number {
    return 0; // results are handled as their messages come
  }

  hasNews(): boolean {
    return false;
  }

  hasIdleWorkers(): boolean {
    const idle = this.#members.filter(({ agent, sent }) => !agent.isDead && sent.size === 0);
    return idle.length >= this.#queue.length - this.#queueStart;
  }

  retire(worker: number): void {
    const member = this.#members[worker];
    if (member === undefined || member.agent.isDead || member.sent.size > 0) return;
    const message: CloseMessage = { kind: "close" };
    member.agent.port.postMessage(message);
    member.agent.status.markDead(RETIRED);
  }

  close(): void {
    this.#isClosing = true;
    this.#flushSoon();
  }

  *abandon(): Generator<readonly [Task, boolean, number]> {
    for (const [index, { sent }] of this.#members.entries()) {
      for (const id of sent) {
        const task = this.#sent.get(id) as Task;
        task.id = OVER;
        yield [task, true, index];
      }
      sent.clear();
    }
    this.#sent.clear();
    for (const { task } of this.#queue.slice(this.#queueStart)) {
      if (task.id === OVER) continue;
      task.id = OVER;
      yield [task, false, -1];
    }
    this.#queue = [];
    this.#queueStart = 0;
  }

  /** Sends what has been submitted in this turn of the event loop, all together. */
  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    queueMicrotask(() => {
      this.#isFlushDue = false;
      this.#flush();
    });
  }

  #flush(): void {
    // However quick its last tasks were, no worker gets more than its share of what waits now.
    const living = this.#members.filter(({ agent }) => !agent.isDead).length;
    const share = Math.ceil((this.#queue.length - this.#queueStart) / Math.max(1, living));
    for (const [index, member] of this.#members.entries()) {
      if (member.agent.isDead || member.sent.size * 2 > member.ahead) continue;
      const transfer: object[] = [];
      const calls = this.#nextBatch(member, share, transfer);
      if (calls.length > 0) {
        const message: TasksMessage = { kind: "tasks", calls };
        member.agent.port.postMessage(message, transfer);
      } else if (this.#isClosing) {
        this.retire(index);
      }
    }
  }

  /** @param transfer Gets what the message must move. */
  #nextBatch(member: Member, share: number, transfer: object[]): unknown[] {
    const calls: unknown[] = [];
    const most = Math.min(member.ahead, member.sent.size + share);
    while (member.sent.size < most && this.#queueStart < this.#queue.length) {
      const queued = this.#queue[this.#queueStart++] as Queued;
      const { task, functionId, args } = queued;
      if (task.id === OVER) continue;
      task.id = this.#nextId++;
      this.#sent.set(task.id, task);
      member.sent.add(task.id);
      calls.push(task.id, functionId, args.length);
      for (const argument of args) calls.push(argument);
      if (queued.transfer.length > 0) transfer.push(...queued.transfer);
    }
    if (this.#queueStart === this.#queue.length) {
      this.#queue = [];
      this.#queueStart = 0;
    }
    return calls;
  }

  #receive(member: Member, worker: number, message: WorkerMessage): void {
    if (message.kind !== "results") return;
    const { results, elapsedMs } = message;
    const perTaskMs = elapsedMs / Math.max(1, results.length / 3);
    member.ahead = Math.max(1, Math.min(MOST_AHEAD, Math.floor(BATCH_MS / perTaskMs)));
    for (let i = 0; i < results.length; i += 3) {
      const id = results[i] as number;
      const task = this.#sent.get(id);
      if (task === undefined) continue;
      this.#sent.delete(id);
      member.sent.delete(id);
      task.id = OVER;
      if (results[i + 1] === true) this.#listener.threw(task, results[i + 2], worker);
      else this.#listener.succeeded(task, results[i + 2], worker);
    }
    this.#flush();
  }
}

function copy(given: readonly unknown[]): Pick<Queued, "args" | "transfer"> {
  const args = copyArguments(given);
  return { args, transfer: transferList(args, true) };
}
