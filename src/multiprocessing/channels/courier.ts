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
import { handleCodec } from "../../program/kinds.ts";
import { fillQueueKinds } from "../../queue/kinds.ts";
import type { SimpleQueue } from "../../queue/simple-queue.ts";
import { CALLERS_CODE } from "../../shipping/code-lookup.ts";
import { BACK, CLOSE, READS, read, WRITES, written } from "./frames.ts";
import { Hub } from "./hub.ts";
import type { Client } from "./lane.ts";
import {
  type AskOrder,
  type ChildrenOrder,
  type CourierPayload,
  ENDED,
  GONE,
  NO,
  NUMBER_BYTES,
  numbered,
  numberOf,
  type Order,
  SLOT,
} from "./inbox.ts";
import { type HubAddress, HubConnection, HubListener } from "./links.ts";

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
}

/** The way to a hub, and what the agent has there. */
interface Link {
  /** By the hub's numbers. */
  readonly lanes: Map<number, Delivery>;
  /** Questions that it has not answered. */
  readonly asked: Set<number>;
  send(frame: Uint8Array): void;
  isClosed: boolean;
}

class Courier {
  readonly #requests: SimpleQueue;
  readonly #hub = new Hub();
  readonly #places = new Map<number, Place>();
  /** By the hub's address: how it is reached. */
  readonly #links = new Map<string, Link>();
  readonly #replies = new Map<number, SimpleQueue>();
  #listener: HubListener | undefined;

  constructor(requests: SimpleQueue) {
    this.#requests = requests;
  }

  async run(): Promise<never> {
    for (;;) this.#handle(await this.#requests.get());
  }

  #handle(request: unknown): void {
    if (request instanceof Uint8Array) this.#forward(request);
    else this.#obey(request as Order);
  }

  #obey(order: Order): void {
    if (order.kind === "place") {
      const { hub, lane, inbox, isSlots, place } = order;
      const link = this.#linkTo(hub);
      this.#places.set(place, { lane, link });
      if (inbox === undefined) return;
      const added: Delivery = { inbox, isSlots, kept: 0 };
      link.lanes.set(lane, added);
      if (link.isClosed) end(added);
    } else if (order.kind === "ask") {
      this.#ask(order);
    } else if (order.kind === "children") {
      void serveChildren(order);
    } else {
      this.#listener ??= new HubListener(this.#hub, order.token);
      this.#listener.whenListening((path, why) => order.reply.putNowait({ path, why }));
    }
  }

  #ask({ frame, question, reply }: AskOrder): void {
    const link = this.#places.get(read(frame).lane)?.link;
    this.#replies.set(question, reply);
    link?.asked.add(question);
    if (link === undefined || link.isClosed) this.#reply(question, GONE);
    else this.#forward(frame);
  }

  /** Hands a frame to the hub of its lane. */
  #forward(frame: Uint8Array): void {
    const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
    const place = this.#places.get(view.getUint32(8));
    if (place === undefined) return;
    const { lane, link } = place;
    view.setUint32(8, lane);
    link.send(frame);
    if (view.getUint32(4) === CLOSE) forget(link, lane, view.getUint32(12));
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
      send: (frame) => this.#hub.receive(client, read(frame)),
      isClosed: false,
    };
    const client = this.#clientOf(link);
    return link;
  }

  #farLink(address: HubAddress): Link {
    const link: Link = {
      lanes: new Map(),
      asked: new Set(),
      send: (frame) => connection.send(frame),
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
    return {
      deliver: (lane, number, bytes) => {
        const place = link.lanes.get(lane);
        if (place?.isSlots === true) place.inbox.putNowait(SLOT);
        else if (place !== undefined) place.inbox.putNowait(numbered(number, bytes));
        // It was closed meanwhile. The hub has counted slots.
        else if (bytes.length > 0) link.send(written(BACK, lane, 0, number, bytes));
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
        if (item === undefined) return;
        if (item === SLOT) return link.send(written(BACK, lane));
        const bytes = item as Uint8Array;
        link.send(written(BACK, lane, 0, numberOf(bytes), bytes.subarray(NUMBER_BYTES)));
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

/** Starts the children that the agent asks for. */
async function serveChildren({ requests, reports, isInThread }: ChildrenOrder): Promise<never> {
  const { agents, slot } = program();
  const bell = agents.bell(agents.parentOf(slot));
  let listener = (_request: unknown): void => undefined;
  const port: RelayPort = {
    postMessage(report) {
      reports.putNowait(report);
      bell.ring();
    },
    onMessage: (given) => (listener = given),
    onClose: () => undefined, // this thread ends with the agent
    ref: () => undefined,
    unref: () => undefined,
  };
  const starter = isInThread
    ? await (await import("../../agents/child-keeper.ts")).childStarter()
    : await server.ipc();
  serveIpc(port, starter, reachChild);
  for (;;) listener(await requests.get());
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
  for (let item; (item = takeAny(place.inbox)) !== undefined;) {
    if (item !== ENDED) others.push(item);
  }
  for (const item of others) place.inbox.putNowait(item);
  for (; place.kept > 0; place.kept--) place.inbox.putNowait(SLOT);
}

/** What lies in an inbox, but for its end. */
function takeOne(place: Delivery): unknown {
  const item = takeAny(place.inbox);
  if (item !== ENDED) return item;
  place.inbox.putNowait(ENDED);
  return undefined;
}

function takeAny(inbox: SimpleQueue): unknown {
  return inbox.empty() ? undefined : inbox.getNowait();
}

/** Makes this worker the courier of the agent that has started it. */
export function startCourier(): void {
  const init = server.workerData as AgentInit;
  if (init.shared !== undefined) adoptProgram(init.shared.program);
  announceDeath(init, CALLERS_CODE);
  server.adoptPort(init.lifeline).ref();
  fillQueueKinds();
  // It ends no wait but for messages and children, of which the agent's pump knows.
  program().record.isIdle = true;
  const { requests } = init.payload as CourierPayload;
  void new Courier(handleCodec.receive(requests) as SimpleQueue).run();
}
