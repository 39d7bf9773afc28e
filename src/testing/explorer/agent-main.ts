/**
 * The first code of an agent: replaces `Atomics`, and only then loads the scenario
 * and with it the subject, whose files are those that are shipped.
 *
 * Nothing that this module imports may import `memory/`, which captures the
 * `Atomics` that it finds. The agent takes part as soon as the scenario is made:
 * the rest of its module may wait for ever, as for an exploration of its own,
 * which no agent begins.
 */
import { platform, server } from "#platform";
import { mismatch } from "../../base/release.ts";
import { importModule } from "../../shipping/import-module.ts";
import { markEntryLoaded } from "../../shipping/main-module.ts";
import type { AgentInit, AgentMessage } from "./agent.ts";
import { onScenario, type Scenario } from "./scenario.ts";
import { Scheduler } from "./scheduler.ts";
import { ExplorerState } from "./state.ts";
import { turnAtomics } from "./turn-atomics.ts";
import { Turns } from "./turns.ts";

const init = server.workerData as AgentInit;
const port = server.adoptPort(init.port);

// The thread lives until its creator, having read the messages, ends it.
port.ref();

const refusal = mismatch(init.release);
if (refusal === undefined) void start();
else post({ kind: "broken", message: `Cannot explore: ${refusal}`, stack: "" });

async function start(): Promise<void> {
  const state = new ExplorerState(init.state);
  const turns = new Turns({
    ...init,
    agents: init.mortal.length,
    state,
    scheduler: new Scheduler(state, init.bounds, init.mortal, init.replay),
    onEnd: ({ verdict, isComplete }) => {
      if (verdict === undefined) return post({ kind: "explored", isComplete });
      const { kind, error } = verdict;
      post({ kind: "failed", failure: kind, agent: init.agent, ...described(error) });
    },
  });
  globalThis.Atomics = turnAtomics(
    turns,
    Object.values(init.shared).map(({ buffer }) => buffer),
  );
  markEntryLoaded();
  try {
    await prepare();
    const scenario = await findScenario();
    post({ kind: "ready" });
    // In a turn of its own: a body may then run the microtasks that it queues.
    platform.nextTurn(() => turns.live(scenario));
  } catch (error) {
    post({ kind: "broken", ...described(error) });
  }
}

/** Runs the prelude, if there is one. */
async function prepare(): Promise<void> {
  if (init.prelude === undefined) return;
  const { prelude } = await importModule(init.prelude.module);
  if (typeof prelude === "function") await prelude(init.prelude.data);
}

async function findScenario(): Promise<Scenario> {
  return new Promise((resolve, reject) => {
    let found: Scenario | undefined;
    onScenario((made) => {
      if (made.module !== init.module || made.name !== init.name) return;
      if (found !== undefined) reject(new RangeError("its module defines it twice"));
      found = made;
      // Not before the module has run to its end or its first await.
      queueMicrotask(() => resolve(made));
    });
    const absent = new RangeError("its module does not define it at its top level");
    importModule(init.module).then(() => reject(absent), reject);
  });
}

function post(message: AgentMessage): void {
  port.postMessage(message);
}

function described(error: unknown): { message: string; stack: string } {
  const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  return { message, stack };
}
