/**
 * What ends runs from outside: Ctrl-C, and that nothing is left to wait for.
 *
 * One listener serves all runs of the agent, and is there as long as any of them
 * goes on. The program's own SIGINT handlers have precedence, as in Python. The first
 * Ctrl-C asks all runs to end, and who has to wait for that reads what for; the second
 * one does what it does without heddle.
 */
import { registered } from "../base/registry.ts";
import type { EndableRun, ServerPlatform } from "./platform.ts";

/** A run that ends within so many milliseconds after Ctrl-C ends without a word. */
const PATIENCE_MS = 300;

/** What it needs of the platform that it is a part of. */
type Host = Pick<ServerPlatform, "backgroundTimer" | "errorStream" | "onNothingLeft" | "raise">;

/** Listens to Ctrl-C, unless that is not for runs to hear. Returns how to stop. */
type OnInterrupt = (listener: () => void) => (() => void) | undefined;

export class RunEndings {
  readonly #host: Host;
  readonly #onInterrupt: OnInterrupt;
  /** Each with how not to say any more what it waits for, once it was interrupted. */
  readonly #runs = new Map<EndableRun, (() => void) | undefined>();
  #stopListening: (() => void) | undefined;
  /** Whether Ctrl-C was pressed, and a run that it ended is not over. */
  #isInterrupted = false;

  constructor(host: Host, onInterrupt: OnInterrupt) {
    this.#host = host;
    this.#onInterrupt = onInterrupt;
  }

  /** Returns how to say that the run is over. */
  add(run: EndableRun): () => void {
    const isClosing = run.interrupt === undefined;
    this.#runs.set(run, isClosing ? this.#sayWhatFor(run) : undefined);
    if (this.#runs.size === 1) this.#stopListening = this.#listen();
    return () => {
      this.#runs.get(run)?.();
      this.#runs.delete(run);
      if (this.#runs.size > 0) return;
      this.#stopListening?.();
      this.#stopListening = undefined;
      this.#isInterrupted = false;
    };
  }

  #listen(): () => void {
    let stopNothingLeft = (): void => undefined;
    const listenOnce = (): void => {
      stopNothingLeft = this.#host.onNothingLeft(() => {
        // The pump lets the event loop run dry for a moment, while it waits for threads that sleep.
        if (pumpIsLooking()) listenOnce();
        else for (const run of this.#runs.keys()) run.giveUp?.();
      });
    };
    listenOnce();
    const stopInterrupts = this.#onInterrupt(() => this.#interrupt());
    return () => {
      stopNothingLeft();
      stopInterrupts?.();
    };
  }

  #interrupt(): void {
    if (this.#isInterrupted) {
      this.#stopListening?.();
      this.#host.raise("SIGINT");
    }
    this.#isInterrupted = true;
    for (const [run, isSaid] of this.#runs) {
      this.#runs.set(run, isSaid ?? this.#sayWhatFor(run));
      run.interrupt?.();
    }
  }

  /**
   * Prints what a run waits for, unless that is over soon.
   *
   * @returns How to say that it is over.
   */
  #sayWhatFor(run: EndableRun): () => void {
    const timer = this.#host.backgroundTimer(() => {
      this.#host.errorStream.write(
        `Interrupted. The run ends once these are over; Ctrl-C again ends the program at once:\n${run.inWords()}\n`,
      );
    }, PATIENCE_MS);
    return () => timer.cancel();
  }
}

/** Asked without loading the pump, which programs without threads do not need. */
function pumpIsLooking(): boolean {
  const pump = registered("pump@1") as { readonly isLooking: boolean } | undefined;
  return pump?.isLooking === true;
}
