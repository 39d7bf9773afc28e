/**
 * A thread that sleeps on its agent's bell where the engine has no waitAsync
 * (see memory/bell-watch.ts).
 *
 * There is one for each agent that awaits something of other agents, started by the first such
 * wait. It runs no user code, does not keep the program alive, and ends with its agent.
 */
import { platform, server } from "#platform";
import { RuntimeError } from "../errors.ts";
import { BellWatch } from "../memory/bell-watch.ts";
import { adoptProgram, program, type ProgramInit } from "../program/program.ts";
import { RELEASE } from "../base/release.ts";
import type { Greeting } from "../wire/protocol.ts";
import { workerCode, type WorkerRole } from "./worker-file.ts";

export interface BellHelperInit extends Greeting {
  readonly role: WorkerRole;
  readonly port: unknown;
  readonly watch: Int32Array;
  /** The agent's: the helper has no slot of its own. */
  readonly program: ProgramInit;
}

/** The calling agent's helper, as long as it lives. */
let helper: BellHelper | undefined;

class BellHelper {
  readonly #watch: BellWatch;
  #report: (() => void) | undefined;
  /** Whether it has begun, which is its first report: if it has not, another one would not either. */
  #hasBegun = false;

  constructor() {
    const { memory, slot, agents } = program();
    const words = new Int32Array(new SharedArrayBuffer(BellWatch.WORDS * 4));
    this.#watch = new BellWatch(words, agents.bell(slot));
    const { port1, port2 } = server.channel();
    const init: BellHelperInit = {
      protocol: RELEASE,
      role: "bell",
      port: port2.raw,
      watch: words,
      program: { memory, slot },
    };
    const thread = server.spawn(workerCode(), {
      name: "heddle bell",
      data: init,
      transfer: [port2.raw],
    });
    port1.onMessage(() => {
      this.#hasBegun = true;
      this.#settle();
    });
    let cause: unknown;
    thread.onError((error) => (cause ??= error));
    thread.onExit(() => this.#takeLeave(cause));
    platform.onExit(() => this.#watch.close());
  }

  async listen(): Promise<void> {
    return new Promise((resolve) => {
      this.#report = resolve;
      this.#watch.ask();
    });
  }

  /** Its thread has ended. */
  #takeLeave(cause: unknown): void {
    if (helper === this) helper = undefined;
    if (this.#report !== undefined && !this.#hasBegun) {
      throw new RuntimeError(
        "Cannot wait for other threads: this runtime has no Atomics.waitAsync, and the thread that waits in its place has died",
        { cause },
      );
    }
    this.#settle();
  }

  #settle(): void {
    const report = this.#report;
    this.#report = undefined;
    report?.();
  }
}

/**
 * Resolves when the calling agent's bell, which must be armed, is rung, or when it should
 * look again. One at a time.
 */
export async function listenByHelper(): Promise<void> {
  return (helper ??= new BellHelper()).listen();
}

/** What the helper's thread does. */
export function startBellHelper(): void {
  const init = server.workerData as BellHelperInit;
  adoptProgram(init.program);
  const { agents, slot } = program();
  const watch = new BellWatch(init.watch, agents.bell(slot));
  const port = server.adoptPort(init.port);
  do port.postMessage(undefined);
  while (watch.next());
}
