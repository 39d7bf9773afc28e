/**
 * Children that the agent's courier starts and owns, so that the agent may block: what they report
 * lies in the program's memory, where a blocked agent looks too.
 */
import { hasCreator } from "../../agents/lifeline.ts";
import { threadRegistry } from "../../base/registry.ts";
import type { ChildStarter } from "../../platform/process/ipc.ts";
import { type RelayPort, RelayedIpc } from "../../platform/process/relayed-ipc.ts";
import { agentPump, type Pump } from "../../waiting/pump.ts";
import type { Flight } from "../../waiting/source.ts";
import { orderCourier, startChildren } from "./post.ts";

/** Something that the agent lives for depends on a child. */
const HELD: Flight = { keepsAlive: true, runsCode: true, mayEnd: true };

/** The agent's end of what it and its courier say to each other about children. */
class ChildrenPort implements RelayPort {
  readonly #pump: Pump = agentPump();
  #listener: (message: unknown) => void = () => undefined;
  #closeListener: () => void = () => undefined;
  #isHeld = false;

  constructor() {
    startChildren(
      { kind: "children", isInThread: hasCreator() },
      (report) => this.#listener(report),
      () => this.#closeListener(),
    );
  }

  postMessage(message: unknown): void {
    orderCourier({ kind: "child", request: message });
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
  }

  onClose(listener: () => void): void {
    this.#closeListener = listener;
  }

  ref(): void {
    if (!this.#isHeld) this.#pump.begin(HELD);
    this.#isHeld = true;
  }

  unref(): void {
    if (this.#isHeld) this.#pump.end(HELD);
    this.#isHeld = false;
  }
}

/** Starts children that the calling agent's courier owns. */
export function helpedChildren(): ChildStarter {
  return threadRegistry("helped children@1", () => new RelayedIpc(new ChildrenPort()));
}
