/**
 * What an agent's courier does: a thread that carries what the agent says to hubs, and puts what
 * they deliver where the agent finds it, which may block meanwhile. It holds the hub of the lanes
 * that its agent has made, and lets other agents connect to that. The agent speaks to it through
 * queues in the program's memory alone.
 */
import { server } from "#platform";
import { announceDeath } from "../../agents/announce.ts";
import type { AgentInit } from "../../agents/worker-agent.ts";
import { reachChild } from "../../platform/process/reached-child.ts";
import type { RelayPort } from "../../platform/process/relayed-ipc.ts";
import { serveIpc } from "../../platform/process/served-ipc.ts";
import { adoptProgram, program } from "../../program/program.ts";
import { fillQueueKinds } from "../../queue/kinds.ts";
import { putBytesInto, type SimpleQueue } from "../../queue/simple-queue.ts";
import { CALLERS_CODE } from "../../shipping/code-lookup.ts";
import { BACK, CLOSE, type Frame, NO_BYTES, READS, TAKEN, UNWANT, WANT, WRITES } from "./frames.ts";
import { Hub } from "./hub.ts";
import type { Client } from "./lane.ts";
import { ENDED, NUMBER_BYTES, numbered, numberOf, SLOT, takeIfAny } from "./inbox.ts";
import {
  type AskOrder,
  type ChildrenOrder,
  type CourierPayload,
  GONE,
  NO,
  type Order,
  receiveQueue,
} from "./orders.ts";
import { type HubAddress, HubConnection, HubListener } from "./links.ts";
import { RequestReader, RequestWriter } from "./requests.ts";

/** Which lane a number of the agent's is. */
interface Place {
  readonly lane: number;
  readonly link: Link;
}

/** Where what is delivered of a lane goes. */
interface Delivery {
  readonly inbox: SimpleQueue;
  readonly isSlots: boolean;
  /** Slots that were taken out of the inbox when the lane ended. */
  kept: number;
  /** How many more have come than takers have asked for. */
  ahead: number;
  /** Whether what comes next comes though no taker has asked for it. */
  isFed: boolean;
}

/** The way to a hub, and what the agent has there. */
interface Link {
  /** By the hub's numbers. */
  readonly lanes: Map<number, Delivery>;
  /** Questions that it has not answered. */
  readonly asked: Set<number>;
  /** @param isUrgent Whether it is waited for: if not, it may go out with what is sent next. */
  send(frame: Frame, isUrgent: boolean): void;
  isClosed: boolean;
}

class Courier {
  readonly #hub = new Hub();
  readonly #places = new Map<number, Place>();
  /** By the hub's address: how it is reached. */
  readonly #links = new Map<string, Link>();
  readonly #replies = new Map<number, SimpleQueue>();
  #listener: HubListener | undefined;
  #children: Children | undefined;
  readonly #reports: RequestWriter;

  constructor(reports: RequestWriter) {
    this.#reports = reports;
  }

  readonly receive = (request: Frame | Order): void => {
    if (typeof request.kind === "number") this.#forward(request);
    else this.#obey(request);
  };

  #obey(order: Order): void {
    if (order.kind === "place") {
      const { hub, lane, inbox, isSlots, place } = order;
      const link = this.#linkTo(hub);
      this.#places.set(place, { lane, link });
      if (inbox === undefined) return;
      const added = { inbox: receiveQueue(inbox), isSlots, kept: 0, ahead: 0, isFed: false };
      link.lanes.set(lane, added);
      if (link.isClosed) end(added);
    } else if (order.kind === "ask") {
      this.#ask(order);
    } else if (order.kind === "children") {
      this.#children = new Children(this.#reports, order);
    } else if (order.kind === "child") {
      this.#children?.receive(order.request);
    } else {
      const reply = receiveQueue(order.reply);
      this.#listener ??= new HubListener(this.#hub, order.token);
      this.#listener.whenListening((path, why) => reply.putNowait({ path, why }));
    }
  }

  #ask({ frame, reply }: AskOrder): void {
    const link = this.#places.get(frame.lane)?.link;
    const question = frame.number;
    this.#replies.set(question, receiveQueue(reply));
    link?.asked.add(question);
    if (link === undefined || link.isClosed) this.#reply(question, GONE);
    else this.#forward(frame);
  }

  /** Hands a frame to the hub of its lane. */
  #forward(frame: Frame): void {
    const { kind, bits, lane: place } = frame;
    const { lane, link } = this.#places.get(place) ?? {};
    if (lane === undefined || link === undefined) return;
    const delivery = link.lanes.get(lane);
    if (delivery !== undefined) noteWants(delivery, kind, bits);
    link.send({ ...frame, lane }, kind !== WANT || delivery === undefined || isAwaited(delivery));
    if (kind === CLOSE) forget(link, lane, bits);
  }

  #linkTo(address: HubAddress | undefined): Link {
    const key = address?.path ?? "";
    let link = this.#links.get(key);
    if (link === undefined) {
      link = address === undefined ? this.#ownLink() : this.#farLink(address);
      this.#links.set(key, link);
    }
    return link;
  }

  #ownLink(): Link {
    const link: Link = {
      lanes: new Map(),
      asked: new Set(),
      send: (frame) => this.#hub.receive(client, frame),
      isClosed: false,
    };
    const client = this.#clientOf(link);
    return link;
  }

  #farLink(address: HubAddress): Link {
    const link: Link = {
      lanes: new Map(),
      asked: new Set(),
      send: (frame, isUrgent) => connection.send(frame, isUrgent),
      isClosed: false,
    };
    const connection = new HubConnection(address, this.#clientOf(link), () => {
      link.isClosed = true;
      for (const place of link.lanes.values()) end(place);
      for (const question of link.asked) this.#reply(question, GONE);
    });
    return link;
  }

  /** Puts what a hub says where the agent finds it. */
  #clientOf(link: Link): Client {
    const giveBack = (lane: number, number = 0, bytes = NO_BYTES): void =>
      link.send({ kind: BACK, lane, bits: 0, number, bytes }, true);
    return {
      deliver: (lane, number, bytes, { isFed }) => {
        const place = link.lanes.get(lane);
        if (place !== undefined) {
          place.ahead++;
          place.isFed = isFed;
          if (place.isSlots) place.inbox.putNowait(SLOT);
          else putBytesInto(place.inbox, numbered(number, bytes));
        }
        // It was closed meanwhile. The hub has counted slots.
        else if (bytes.length > 0) giveBack(lane, number, bytes);
      },
      end: (lane) => {
        const place = link.lanes.get(lane);
        if (place !== undefined) end(place);
      },
      reopen: (lane) => {
        const place = link.lanes.get(lane);
        if (place !== undefined) reopen(place);
      },
      recall: (lane) => {
        const place = link.lanes.get(lane);
        const item = place === undefined ? undefined : takeOne(place);
        if (place === undefined || item === undefined) return;
        place.ahead--;
        if (item === SLOT) return giveBack(lane);
        const bytes = item as Uint8Array;
        giveBack(lane, numberOf(bytes), bytes.subarray(NUMBER_BYTES));
      },
      answer: (question, yes, count) => {
        link.asked.delete(question);
        this.#reply(question, yes ? count : NO);
      },
    };
  }

  #reply(question: number, answer: number): void {
    this.#replies.get(question)?.putNowait(answer);
    this.#replies.delete(question);
  }
}

/** Notes what the agent says about what it wants, as its hub does (see lane.ts). */
function noteWants(delivery: Delivery, kind: number, bits: number): void {
  if (kind === WANT || (kind === BACK && (bits & TAKEN) === 0)) delivery.ahead--;
  else if (kind === UNWANT) delivery.ahead++;
}

/** Whether the hub must learn soon that something is wanted, or it does not come. */
function isAwaited({ ahead, isFed, isSlots }: Delivery): boolean {
  return ahead < 0 && !(isFed && !isSlots);
}

/** Starts the children that the agent asks for. */
class Children implements RelayPort {
  readonly #reports: RequestWriter;
  /** Undefined until there is what starts them. */
  #listener: ((request: unknown) => void) | undefined;
  #waiting: unknown[] = [];

  constructor(reports: RequestWriter, { isInThread }: ChildrenOrder) {
    this.#reports = reports;
    void this.#open(isInThread);
  }

  async #open(isInThread: boolean): Promise<void> {
    const starter = isInThread
      ? await (await import("../../agents/child-keeper.ts")).childStarter()
      : server.children();
    serveIpc(this, starter, reachChild);
  }

  receive(request: unknown): void {
    if (this.#listener === undefined) this.#waiting.push(request);
    else this.#listener(request);
  }

  postMessage(report: unknown): void {
    this.#reports.message(report as object);
  }

  onMessage(listener: (request: unknown) => void): void {
    this.#listener = listener;
    for (const request of this.#waiting.splice(0)) listener(request);
  }

  onClose(): void {} // this thread ends with the agent

  ref(): void {}

  unref(): void {}
}

/** Nothing is delivered to an end that is closed. */
function forget({ lanes }: Link, lane: number, roles: number): void {
  if ((roles & READS) !== 0) lanes.delete(lane);
  if ((roles & WRITES) !== 0) lanes.delete(lane + 1);
}

function end(place: Delivery): void {
  // Who would put must learn of the end before it uses the slots that are left.
  if (place.isSlots) while (takeOne(place) !== undefined) place.kept++;
  place.inbox.putNowait(ENDED);
}

function reopen(place: Delivery): void {
  const others: unknown[] = [];
  for (let item; (item = takeIfAny(place.inbox)) !== undefined;) {
    if (item !== ENDED) others.push(item);
  }
  for (const item of others) {
    if (item instanceof Uint8Array) putBytesInto(place.inbox, item);
    else place.inbox.putNowait(item);
  }
  for (; place.kept > 0; place.kept--) place.inbox.putNowait(SLOT);
}

/** What lies in an inbox, but for its end. */
function takeOne(place: Delivery): unknown {
  const item = takeIfAny(place.inbox);
  if (item !== ENDED) return item;
  place.inbox.putNowait(ENDED);
  return undefined;
}

/** Makes this worker the courier of the agent that has started it. */
export function startCourier(): void {
  const init = server.workerData as AgentInit;
  if (init.shared !== undefined) adoptProgram(init.shared.program);
  announceDeath(init, CALLERS_CODE);
  server.adoptPort(init.lifeline).ref();
  fillQueueKinds();
  // Others would go on sending to the agent, and waiting for it.
  program().endThread = () => server.exit(0);
  // It ends no wait but for messages and children, of which the agent's pump knows.
  program().record.isIdle = true;
  const { requests, reports } = init.payload as CourierPayload;
  const port = server.adoptPort(init.port);
  const { agents, slot } = program();
  const bell = agents.bell(agents.parentOf(slot));
  const courier = new Courier(new RequestWriter(reports, port, () => bell.ring()));
  // oxlint-disable-next-line no-new -- the pump has it
  new RequestReader(requests, port, courier.receive);
}
