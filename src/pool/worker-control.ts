/**
 * How the owner of a pool by message asks a worker's call to stop, or takes it: through memory that it
 * shares with the worker, or by way of the thread that holds a process's lifeline. Either answers for
 * the controller of memory/call-control.ts.
 */
import type { Agent } from "../agents/agent.ts";
import type { ProcessAgent } from "../agents/process-agent.ts";
import { type Asked, CallControl } from "../memory/call-control.ts";

/** What is known of a call of a worker's, by its number. */
export type Answer = Asked | "ended";

export interface WorkerControl {
  /** Asks a call to stop; answers whether it is skipped, runs or is over. */
  ask(number: number): void;
  /** Whether the worker is known to have come to the call. If not, it may be by the next time. */
  hasBegun(number: number): boolean;
  /** Takes a call from the worker if it runs; answers whether it has been ended, or is over. */
  end(number: number): void;
}

/** Makes what asks the calls of one worker. */
export type ControlOf = (
  agent: Agent,
  answer: (number: number, answer: Answer) => void,
) => WorkerControl;

/** @param answer Called with each answer, at once. */
export function controlByMemory(
  memory: SharedArrayBuffer,
  answer: (number: number, answer: Answer) => void,
): WorkerControl {
  const control = new CallControl(new Int32Array(memory));
  return {
    ask: (number) => answer(number, control.ask(number)),
    hasBegun: (number) => control.hasBegun(number),
    end: (number) => answer(number, control.end(number) ? "ended" : "over"),
  };
}

/** @param answer Called with each answer, in a later turn. */
export function controlByLifeline(
  agent: ProcessAgent,
  answer: (number: number, answer: Answer) => void,
): WorkerControl {
  let begun = -1;
  let looksFor = -1;
  agent.onAnswer = ({ verb, number, answer: said }) => {
    if (verb !== "b") return answer(number, said as Answer);
    looksFor = -1;
    if (said === "begun" && number > begun) begun = number;
  };
  return {
    ask: (number) => agent.ask({ verb: "a", number }),
    hasBegun(number) {
      if (number > begun && looksFor === -1) agent.ask({ verb: "b", number: (looksFor = number) });
      return number <= begun;
    },
    end: (number) => agent.ask({ verb: "e", number }),
  };
}
