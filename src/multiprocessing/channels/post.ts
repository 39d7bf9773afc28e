/** How an agent speaks to its courier, which is started by its first lane; and which lanes it has. */
import { platform, server } from "#platform";
import { WorkerAgent } from "../../agents/worker-agent.ts";
import { processFile } from "../../agents/worker-file.ts";
import { threadRegistry } from "../../base/registry.ts";
import { UnsupportedError } from "../../errors.ts";
import { NEVER } from "../../memory/deadline.ts";
import { program } from "../../program/program.ts";
import { fillQueueKinds } from "../../queue/kinds.ts";
import { SimpleQueue } from "../../queue/simple-queue.ts";
import { CALLERS_CODE } from "../../shipping/code-lookup.ts";
import { reports } from "../../wire/channel.ts";
import {
  ASK,
  CREATE,
  ENDS,
  FLUSH,
  NO_BYTES,
  questionBytes,
  READS,
  UNASK,
  UNLIMITED,
  WRITES,
} from "./frames.ts";
import { Inbox, takeSyncFromOutside } from "./inbox.ts";
import {
  type ChildrenOrder,
  type CourierPayload,
  GONE,
  type Listening,
  type Order,
  sendQueue,
} from "./orders.ts";
import { requestMemory, RequestReader, RequestWriter } from "./requests.ts";
import {
  type Asked,
  type EndParts,
  keyOf,
  LaneEnd,
  type NewLane,
  type Posting,
  type SentLane,
} from "./lane-end.ts";
import type { HubAddress } from "./links.ts";

/** How long the end of an agent may be held up by what it has not sent yet, in milliseconds. */
const LAST_FLUSH_MS = 5_000;

class Post implements Posting {
  readonly #requests: RequestWriter;
  readonly #courier: WorkerAgent;
  readonly #reports = requestMemory(false);
  readonly #token = crypto.randomUUID();
  readonly #ends = new Map<string, LaneEnd>();
  readonly #replies = new Set<SimpleQueue<number>>();
  /** By hub: a place there. */
  readonly #places = new Map<string, number>();
  #placeCount = 0;
  #lanes = 0;
  #questions = 0;
  #hub: HubAddress | undefined;
  #isDirty = false;
  /** The courier has ended. */
  #isGone = false;
  /** What has children by it learns of that. */
  #onGone: () => void = () => undefined;

  constructor() {
    // What the courier gets stands for a queue of this class.
    fillQueueKinds();
    const requests = requestMemory(true);
    const payload: CourierPayload = { requests, reports: this.#reports };
    this.#courier = new WorkerAgent({
      name: "heddle courier",
      role: "courier",
      sharedMemory: true,
      payload,
      receiver: reports(CALLERS_CODE),
      expectsMessages: () => false,
      onDeath: () => this.#giveUp(),
    });
    const { agents } = program();
    const { slot, number, port } = this.#courier;
    // Once it has died, another agent may have its slot.
    this.#requests = new RequestWriter(requests, port, () => {
      if (agents.agentAt(slot) === number) agents.ring(slot);
    });
    platform.onExit(() => this.#flushSync());
  }

  /** Makes a lane of this agent's, whose ends can be had then. */
  create(bits: number, capacity: number): NewLane {
    this.#lanes += 2;
    const lane = this.#lanes;
    const place = this.#place(undefined, lane, undefined, false);
    this.frame(CREATE, place, bits, capacity);
    const hasSlots = (bits & UNLIMITED) === 0;
    return (roles) => this.#endOf({ hub: undefined, lane, roles, hasSlots });
  }

  /** The end of a lane that has been sent here. */
  open({ hub, lane, roles, hasSlots }: SentLane): LaneEnd {
    const isOwn = hub.token === this.#token;
    return this.#endOf({ hub: isOwn ? undefined : hub, lane, roles, hasSlots });
  }

  #endOf(parts: EndParts): LaneEnd {
    const { hub, lane, roles } = parts;
    const key = keyOf(parts);
    let end = this.#ends.get(key);
    if (end === undefined) {
      const reads = (roles & READS) !== 0 ? new SimpleQueue() : undefined;
      const place = this.#place(hub, lane, reads, false);
      const messages = reads && new Inbox(this, place, reads);
      end = new LaneEnd(this, parts, place, messages, this.#slotsOf(parts));
      this.#ends.set(key, end);
    }
    return end;
  }

  #slotsOf({ hub, lane, roles, hasSlots }: EndParts): Inbox | undefined {
    if ((roles & WRITES) === 0 || !hasSlots) return undefined;
    const queue = new SimpleQueue();
    return new Inbox(this, this.#place(hub, lane + 1, queue, true), queue);
  }

  forget(parts: EndParts): void {
    this.#ends.delete(keyOf(parts));
  }

  #place(
    hub: HubAddress | undefined,
    lane: number,
    inbox: SimpleQueue | undefined,
    isSlots: boolean,
  ): number {
    const place = ++this.#placeCount;
    this.#places.set(hub?.path ?? "", place);
    const sent = inbox && sendQueue(inbox);
    this.order({ kind: "place", place, hub, lane, inbox: sent, isSlots });
    return place;
  }

  order(order: Order): void {
    this.#requests.message(order);
  }

  /** Has the courier start children. Called once. */
  startChildren(
    order: ChildrenOrder,
    onReport: (report: unknown) => void,
    onGone: () => void,
  ): void {
    this.#onGone = onGone;
    if (this.#isGone) onGone();
    // oxlint-disable-next-line no-new -- the pump has it
    new RequestReader(this.#reports, this.#courier.port, onReport);
    this.order(order);
  }

  frame(kind: number, place: number, bits = 0, number = 0, bytes = NO_BYTES): void {
    this.#isDirty = true;
    this.#requests.frame({ kind, lane: place, bits, number, bytes });
  }

  frameAhead(kind: number, place: number): void {
    this.#requests.frame({ kind, lane: place, bits: 0, number: 0, bytes: NO_BYTES }, false);
  }

  /** Asks a hub, that of the place. Answers come once. */
  ask(place: number, what: number, lanes: readonly number[]): Asked {
    const question = ++this.#questions;
    const reply = new SimpleQueue<number>();
    const bytes = questionBytes({ what, lanes });
    const frame = { kind: ASK, lane: place, bits: 0, number: question, bytes };
    this.#replies.add(reply);
    this.order({ kind: "ask", frame, reply: sendQueue(reply) });
    return {
      reply,
      forget: () => this.#replies.delete(reply),
      giveUp: () => this.frame(UNASK, place, 0, question),
    };
  }

  /** Where others reach this agent's hub. Blocks until it can be reached, the first time. */
  address(): HubAddress {
    if (this.#hub !== undefined) return this.#hub;
    const reply = new SimpleQueue<Listening>();
    this.order({ kind: "listen", token: this.#token, reply: sendQueue(reply) });
    const { path, why } = takeSyncFromOutside(reply, NEVER) as Listening;
    if (path === undefined) {
      throw new UnsupportedError(`Cannot let other processes reach this one: ${why}`, {
        capability: "sockets",
        runtime: platform.name,
      });
    }
    return (this.#hub = { path, token: this.#token });
  }

  /** The agent ends: what it has sent must be on its way, also what it has closed since. */
  #flushSync(): void {
    if (!this.#isDirty) return;
    const deadlineMs = performance.now() + LAST_FLUSH_MS;
    for (const place of this.#places.values()) {
      try {
        takeSyncFromOutside(this.ask(place, FLUSH, []).reply, deadlineMs);
      } catch {
        return; // this agent cannot block, or its courier has gone
      }
    }
  }

  /** The courier has ended: nothing will come any more. */
  #giveUp(): void {
    for (const end of this.#ends.values()) end.giveUp();
    for (const reply of this.#replies) reply.putNowait(GONE);
    this.#isGone = true;
    this.#onGone();
  }
}

function ownPost(): Post {
  return threadRegistry("post@1", () => {
    // Says what is missing inside a bundle.
    processFile();
    if (!server.capabilities.processes) {
      throw new UnsupportedError(
        "Cannot make a channel between processes: there are none in a browser",
        {
          capability: "processes",
          runtime: platform.name,
        },
      );
    }
    return new Post();
  });
}

/**
 * Makes a lane.
 *
 * @param capacity How many messages may wait. Default: any number.
 * @param ends Whether it ends when no one is left who could put.
 */
export function createLane(capacity: number | undefined, ends: boolean): NewLane {
  const bits = (ends ? ENDS : 0) | (capacity === undefined ? UNLIMITED : 0);
  return ownPost().create(bits, capacity ?? 0);
}

/** Opens a lane that has been sent here. */
export function openLane(sent: SentLane): LaneEnd {
  const end = ownPost().open(sent);
  end.hold(sent.ticket);
  return end;
}

/** Gives the agent's courier an order. */
export function orderCourier(order: Order): void {
  ownPost().order(order);
}

/**
 * Has the agent's courier start children, and report to the agent. Called once.
 *
 * @param onGone Called back when the courier has ended: nothing more is reported.
 */
export function startChildren(
  order: ChildrenOrder,
  onReport: (report: unknown) => void,
  onGone: () => void,
): void {
  ownPost().startChildren(order, onReport, onGone);
}
