/** One agent as its creator sees it: a worker that sends one or two messages, and is then ended. */
import { server } from "#platform";
import { RuntimeError } from "../../errors.ts";
import { RELEASE } from "../../base/release.ts";
import { ownFile } from "../../base/own-files.ts";
import type { WorkerHandle } from "../../platform/platform.ts";
import type { FailureKind } from "./report.ts";
import type { Bounds } from "./scheduler.ts";

/** What an agent finds in its worker data. */
export interface AgentInit {
  /** The release of heddle that explores. */
  readonly release: string;
  readonly agent: number;
  readonly port: unknown;
  readonly module: string;
  readonly name: string;
  readonly state: SharedArrayBuffer;
  readonly shared: Readonly<Record<string, Int32Array>>;
  readonly initial: Readonly<Record<string, Int32Array>>;
  readonly bounds: Bounds;
  /** For each agent whether it may die. */
  readonly mortal: readonly boolean[];
  readonly replay: readonly number[] | undefined;
  readonly maxSteps: number;
  readonly maxSchedules: number;
  readonly prelude: { readonly module: string; readonly data: unknown } | undefined;
}

/** How the exploration ended, by the agent that saw it end. */
export type EndMessage =
  | { readonly kind: "explored"; readonly isComplete: boolean }
  | {
      readonly kind: "failed";
      readonly failure: FailureKind;
      readonly agent: number | undefined;
      readonly message: string;
      readonly stack: string;
    };

export type AgentMessage =
  | { readonly kind: "ready" }
  /** The agent could not find the scenario. */
  | { readonly kind: "broken"; readonly message: string; readonly stack: string }
  | EndMessage;

export class Agent {
  readonly #handle: WorkerHandle;
  readonly #inbox: AgentMessage[] = [];
  #death: RuntimeError | undefined;
  /** Called when there is something new. */
  #wakeReader: () => void = () => undefined;

  constructor(init: Omit<AgentInit, "port" | "release">) {
    const { port1, port2 } = server.channel();
    const data: AgentInit = { ...init, release: RELEASE, port: port2.raw };
    const file = ownFile("testing/explorer/agent-main.js");
    if (file === undefined)
      throw new RuntimeError("Cannot explore: heddle's files are not there, only a bundle");
    this.#handle = server.spawn(file, {
      name: `agent ${init.agent} of "${init.name}"`,
      data,
      transfer: [port2.raw],
    });
    this.#handle.ref();
    port1.onMessage((message) => {
      this.#inbox.push(message as AgentMessage);
      this.#wakeReader();
    });
    let cause: unknown;
    this.#handle.onError((error) => (cause ??= error));
    this.#handle.onExit(() => {
      port1.close();
      const message = `Cannot explore "${init.name}": the thread of agent ${init.agent} has ended`;
      this.#death = new RuntimeError(message, { cause });
      this.#wakeReader();
    });
  }

  /**
   * The agent's next message.
   *
   * @throws {RuntimeError} It ended before it sent one.
   */
  async next(): Promise<AgentMessage> {
    for (;;) {
      const message = this.#inbox.shift();
      if (message !== undefined) return message;
      if (this.#death !== undefined) throw this.#death;
      await new Promise<void>((resolve) => (this.#wakeReader = resolve));
    }
  }

  async terminate(): Promise<void> {
    await this.#handle.terminate();
  }
}
