/**
 * Children that the agent's courier starts and owns, so that the agent may block: what they report
 * lies in the program's memory, where a blocked agent looks too.
 */
import { hasCreator } from "../../agents/lifeline.ts";
import { threadRegistry } from "../../base/registry.ts";
import type { ChildStarter } from "../../pool/process-kind.ts";
import { type RelayPort, RelayedIpc } from "../../platform/process/relayed-ipc.ts";
import { SimpleQueue } from "../../queue/simple-queue.ts";
import { agentPump, type Pump } from "../../waiting/pump.ts";
import type { Flight, Source } from "../../waiting/source.ts";
import { orderCourier } from "./post.ts";

/** The courier may report at any time. What waits for that says so itself. */
const OPEN: Flight = { keepsAlive: false, runsCode: false, mayEnd: false };
/** Something that the agent lives for depends on a child. */
const HELD: Flight = { keepsAlive: true, runsCode: true, mayEnd: true };

/** The agent's end of what it and its courier say to each other about children. */
class ChildrenPort implements RelayPort, Source {
  readonly #requests = new SimpleQueue();
  readonly #reports = new SimpleQueue();
  readonly #pump: Pump = agentPump();
  #listener: (message: unknown) => void = () => undefined;
  #isHeld = false;
  readonly isAwaited: boolean = false;

  constructor() {
    orderCourier({
      kind: "children",
      requests: this.#requests,
      reports: this.#reports,
      isInThread: hasCreator(),
    });
    this.#pump.add(this);
    this.#pump.begin(OPEN);
  }

  postMessage(message: unknown): void {
    this.#requests.putNowait(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
  }

  onClose(): void {} // it ends with the agent

  ref(): void {
    if (!this.#isHeld) this.#pump.begin(HELD);
    this.#isHeld = true;
  }

  unref(): void {
    if (this.#isHeld) this.#pump.end(HELD);
    this.#isHeld = false;
  }

  drain(limit: number): number {
    let handled = 0;
    for (; handled < limit && !this.#reports.empty(); handled++) {
      this.#listener(this.#reports.getNowait());
    }
    return handled;
  }

  hasNews(): boolean {
    return !this.#reports.empty();
  }

  mayGoOn(): boolean {
    return false;
  }

  watchWhileBlocked(): void {}
}

/** Starts children that the calling agent's courier owns. */
export function helpedChildren(): ChildStarter {
  return threadRegistry("helped children@1", () => new RelayedIpc(new ChildrenPort()));
}
