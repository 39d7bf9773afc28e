/**
 * The first code of an agent: replaces `Atomics`, and only then loads the scenario
 * and with it the subject, whose files are those that are shipped.
 */
import { parentPort, workerData } from "node:worker_threads";

import { applyEdits, type Edit } from "./edits.ts";
import type { Scenario } from "./scenario.ts";
import { type Bounds, Scheduler } from "./scheduler.ts";
import { ExplorerState, RUN } from "./state.ts";
import { turnAtomics } from "./turn-atomics.ts";
import { type FailureKind, Turns } from "./turns.ts";

export interface AgentInit {
  readonly agent: number;
  readonly module: string;
  readonly name: string;
  readonly state: SharedArrayBuffer;
  readonly shared: Readonly<Record<string, Int32Array>>;
  readonly initial: Readonly<Record<string, Int32Array>>;
  readonly bounds: Bounds;
  readonly mortal: readonly boolean[];
  readonly replay: readonly number[] | undefined;
  readonly maxSteps: number;
  readonly maxSchedules: number;
  readonly edits: readonly Edit[];
}

export type AgentMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "explored" }
  | {
      readonly kind: "failed";
      readonly failure: FailureKind | "stuck";
      readonly agent: number;
      readonly message: string;
      readonly stack: string;
    };

const init = workerData as AgentInit;
const state = new ExplorerState(init.state);
const post = (message: AgentMessage): void => parentPort?.postMessage(message);

const turns = new Turns({
  ...init,
  state,
  scheduler: new Scheduler(state, init.bounds, init.mortal, init.replay),
  mayGoOn: () => state.get(RUN) < init.maxSchedules && init.replay === undefined,
  end: (failed) => {
    if (failed === undefined) return post({ kind: "explored" });
    const { message, stack = "" } =
      failed.error instanceof Error ? failed.error : new Error(String(failed.error));
    post({ kind: "failed", failure: failed.kind, agent: failed.agent, message, stack });
  },
});
globalThis.Atomics = turnAtomics(
  turns,
  Object.values(init.shared).map(({ buffer }) => buffer),
);
applyEdits(init.edits);

const module = (await import(init.module)) as Record<string, Scenario>;
post({ kind: "ready" });
turns.live(module[init.name] as Scenario);
