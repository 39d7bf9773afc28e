/**
 * What ends runs from outside: Ctrl-C, and that nothing is left to wait for.
 *
 * One listener serves all runs of the agent, and is there as long as any of them
 * goes on. The program's own SIGINT handlers have precedence, as in Python.
 */
import { platform } from "#platform";
import { registered } from "../base/registry.ts";

/** A run that goes on. */
export interface EndableRun {
  /** Ctrl-C was pressed. */
  interrupt(): void;
  /** Nothing will ever happen any more. */
  giveUp(): void;
}

const SIGNAL = "SIGINT";

/** A run that ends within so many milliseconds after Ctrl-C ends without a word. */
const PATIENCE_MS = 300;

const runs = /* @__PURE__ */ new Set<EndableRun>();
let stopListening: (() => void) | undefined;
/** Whether Ctrl-C was pressed, and a run that it ended is not over. */
let isInterrupted = false;

/** Returns how to say that the run is over. */
export function addRun(run: EndableRun): () => void {
  runs.add(run);
  if (runs.size === 1) stopListening = listen();
  return () => {
    runs.delete(run);
    if (runs.size > 0) return;
    stopListening?.();
    stopListening = undefined;
    isInterrupted = false;
  };
}

function listen(): () => void {
  let stopNothingLeft = (): void => undefined;
  const listenOnce = (): void => {
    stopNothingLeft = platform.onNothingLeft(() => {
      // The pump lets the event loop run dry for a moment, while it waits for threads that sleep.
      if (pumpIsLooking()) listenOnce();
      else for (const run of runs) run.giveUp();
    });
  };
  listenOnce();
  const stopInterrupts = listensToInterrupts()
    ? platform.onSignal(SIGNAL, interrupt, true)
    : undefined;
  return () => {
    stopNothingLeft();
    stopInterrupts?.();
  };
}

/** Asked without loading the pump, which programs without threads do not need. */
function pumpIsLooking(): boolean {
  const pump = registered("pump@1") as { readonly isLooking: boolean } | undefined;
  return pump?.isLooking === true;
}

function listensToInterrupts(): boolean {
  return platform.isMainThread && !platform.hasSignalListener(SIGNAL);
}

/**
 * Ctrl-C was pressed: prints what a run waits for, unless that is over soon.
 *
 * @returns How to say that it is over.
 */
export function sayWhatIsWaitedFor(describe: () => string): () => void {
  const timer = platform.backgroundTimer(() => {
    platform.errorStream.write(
      `Interrupted. The run ends once these are over; Ctrl-C again ends the program at once:\n${describe()}\n`,
    );
  }, PATIENCE_MS);
  return () => timer.cancel();
}

/** The first time, asks all runs to end; the second time, has the signal do what it does without us. */
function interrupt(): void {
  if (isInterrupted) {
    stopListening?.();
    platform.raise(SIGNAL);
  }
  isInterrupted = true;
  for (const run of runs) run.interrupt();
}
