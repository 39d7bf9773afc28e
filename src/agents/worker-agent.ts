/**
 * One worker thread as its creator sees it: started, watched, stopped.
 *
 * Its death is noticed three ways, whichever comes first: the worker announces
 * it (exit handler: `process.exit`, an uncaught error), the runtime's exit event
 * tells the creator (needs the creator's event loop), or the warden sees the
 * worker's channel close (out of memory, terminated, while the creator blocks).
 */
import { server } from "#platform";
import type { Port, WorkerHandle } from "../platform/platform.ts";
import { decodeThrown } from "../wire/remote-error.ts";
import type { Receiver } from "../wire/unpack.ts";
import { program, type ProgramInit } from "../program/program.ts";
import { type Agent, describeUncaught } from "./agent.ts";
import { AgentStatus, NO_EXIT_CODE, RETIRED } from "./status.ts";
import { RELEASE } from "../base/release.ts";
import { type Greeting, refusalIn, type SharedGreeting } from "../wire/protocol.ts";
import { passOn, reportSleepers } from "./warden.ts";
import { workerCode, type WorkerRole } from "./worker-file.ts";

/** What a worker's first code finds in its worker data. */
export interface AgentInit extends Greeting {
  readonly role: WorkerRole;
  readonly name: string;
  /** Absent where memory cannot be shared: the creator then learns of the death by its exit event alone. */
  readonly shared: (SharedGreeting & { readonly program: ProgramInit }) | undefined;
  /** Carries messages from and to the creator. */
  readonly port: unknown;
  /** Held open for as long as the worker lives, which sends requests through it (lifeline.ts). */
  readonly lifeline: unknown;
  /** Carries them in its place where the creator could not hand on a port that it listens to. */
  readonly requests: unknown;
  readonly payload: unknown;
}

function sharedPart(status: AgentStatus, slot: number): AgentInit["shared"] {
  const { memory, agents, slot: own } = program();
  return {
    status: status.memory as SharedArrayBuffer,
    bell: { memory, at: agents.bellAt(own) },
    program: { memory, slot },
  };
}

export interface WorkerAgentOptions {
  readonly name: string;
  /** What it does. Default: calls. */
  readonly role?: WorkerRole;
  /** Whether the worker may have a part in the program's shared memory. */
  readonly sharedMemory: boolean;
  readonly stackSizeBytes?: number | undefined;
  readonly payload: unknown;
  readonly receiver: Receiver;
  /** Whether the creator knows of messages of the worker's that have not come yet. */
  readonly expectsMessages: () => boolean;
  /**
   * Called once, when the death is known, the messages that were expected have come and the
   * creator's event loop turns.
   */
  readonly onDeath: (agent: WorkerAgent) => void;
}

export class WorkerAgent implements Agent {
  readonly name: string;
  readonly title: string;
  readonly port: Port;
  /** The creator's end of the lifeline, until the warden is given it. */
  lifeline: Port | undefined;
  readonly status: AgentStatus;
  /** The worker's slot in the program's memory; -1 without a part in it. */
  readonly slot: number;
  /** What tells it from other agents that have its slot before or after it; -1 likewise. */
  readonly number: number;
  readonly ended: Promise<void>;
  /** Resolves when its thread has really ended. */
  readonly gone: Promise<void>;
  readonly #requests: Port | undefined;
  readonly #handle: WorkerHandle;
  readonly #receiver: Receiver;
  #error: unknown;
  #wasTerminated = false;
  #isAbandoned = false;
  readonly #abandon: () => void;

  constructor(options: WorkerAgentOptions) {
    this.name = options.name;
    this.title = threadTitle(options.name);
    this.#receiver = options.receiver;
    const { sharedMemory } = options;
    this.slot = sharedMemory ? program().claimSlot(options.name) : -1;
    this.number = sharedMemory ? program().agents.agentAt(this.slot) : -1;
    this.status = AgentStatus.create(sharedMemory);
    const messages = server.channel();
    const lifeline = server.channel();
    this.port = messages.port1;
    this.lifeline = lifeline.port1;
    const { processes, sendsListeningPorts } = server.capabilities;
    const requests = sendsListeningPorts ? undefined : server.channel();
    this.#requests = requests?.port1;
    if (processes) (this.#requests ?? this.lifeline).onMessage(passOn);
    const init: AgentInit = {
      protocol: RELEASE,
      role: options.role ?? "calls",
      name: options.name,
      shared: sharedMemory ? sharedPart(this.status, this.slot) : undefined,
      port: messages.port2.raw,
      lifeline: lifeline.port2.raw,
      requests: requests?.port2.raw,
      payload: options.payload,
    };
    const transfer = [messages.port2.raw, lifeline.port2.raw];
    if (requests !== undefined) transfer.push(requests.port2.raw);
    this.#handle = server.spawn(workerCode(), {
      name: options.name,
      data: init,
      transfer,
      stackSizeBytes: options.stackSizeBytes,
    });
    if (sharedMemory) program().recordOf(this.slot).threadId = this.#handle.threadId;
    this.#handle.onError((error) => (this.#error ??= error));
    let abandon!: () => void;
    const abandoned = new Promise<void>((resolve) => (abandon = resolve));
    this.#abandon = abandon;
    this.gone = new Promise((resolve) => {
      this.#handle.onExit((exitCode) => {
        this.status.markDead(this.#error === undefined ? exitCode : NO_EXIT_CODE);
        this.#leaveProgram();
        const end = (): void => {
          options.onDeath(this);
          this.#closePorts();
          resolve();
        };
        // The thread's end may be seen before what it posted; the port closes after that.
        if (options.expectsMessages()) this.port.onClose(end);
        else end();
      });
    });
    this.ended = Promise.race([this.gone, abandoned]);
  }

  get isDead(): boolean {
    return this.status.isDead;
  }

  get isRetired(): boolean {
    return this.status.isRetired;
  }

  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  get exitCode(): number | undefined {
    return this.status.exitCode;
  }

  deathCause(): unknown {
    const words = this.status.exitReport();
    return words === undefined ? this.#error : decodeThrown(words, this.#receiver);
  }

  describeDeath(): string {
    const refusal = refusalIn(this.status.memory);
    if (refusal !== undefined) return refusal;
    const cause = this.deathCause();
    if (cause instanceof Error) {
      const code = (cause as { code?: unknown }).code;
      if (code === "ERR_WORKER_OUT_OF_MEMORY") return "it ran out of memory";
    }
    if (cause !== undefined) return describeUncaught(cause);
    const { exitCode } = this.status;
    return exitCode === undefined
      ? "it was terminated or ran out of memory"
      : `it exited with code ${exitCode}`;
  }

  ref(): void {
    this.#handle.ref();
  }

  markRetired(): void {
    this.status.markDead(RETIRED);
  }

  async terminate(): Promise<void> {
    this.status.markDead(NO_EXIT_CODE);
    this.#wasTerminated = true;
    // It must be stopped before other agents take over what it holds.
    const ended = this.#handle.terminate();
    if (this.slot !== -1) this.#reportDeath();
    await ended;
  }

  stop(): void {
    if (server.capabilities.terminateStopsSync) return void this.terminate();
    this.status.markDead(NO_EXIT_CODE);
    this.#isAbandoned = true;
    this.#abandon();
  }

  /** The worker's thread has ended. */
  #leaveProgram(): void {
    if (this.slot === -1) return;
    if (!this.isRetired) this.#reportDeath();
    // Where a thread that sleeps cannot be stopped, it may still look at its slot.
    const mayLinger = this.#wasTerminated && !server.capabilities.terminateStopsSync;
    if (!mayLinger) program().release(this.slot);
  }

  #reportDeath(): void {
    program().reportDeath(this.slot, this.number);
    if (!server.capabilities.terminateStopsSync) reportSleepers();
  }

  #closePorts(): void {
    this.port.close();
    this.lifeline?.close();
    this.#requests?.close();
  }
}

/** What stacks call a thread of that name. */
export function threadTitle(name: string): string {
  return `thread "${name}"`;
}
