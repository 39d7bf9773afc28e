/**
 * Where the children of a thread are started.
 *
 * On Node and Bun only the thread that has started a process can collect it: a child of a thread that
 * ended first would be a zombie until the program ends. On Deno a thread that is terminated while
 * it sleeps goes on sleeping, and its children would live. So a thread has the main thread's warden
 * start its children, which lives as long as the program: it kills them when the thread ends, and
 * collects them. The main thread starts its own.
 *
 *   thread ── KeepRequest, by its lifeline ──► its creator, or the creator's warden
 *                                                  │ passes it on, to the lifeline of its own
 *                                                  ▼
 *             port of the request ◄── OPEN ──── the main thread's warden
 *
 * The main thread may be computing, and pass nothing on. The thread then starts its child itself, and
 * has no less than it would have without a keeper.
 */
import { server } from "#platform";
import type { ChildStarter } from "../platform/process/ipc.ts";
import { program } from "../program/program.ts";
import { hasCreator, type KeepRequest, OPEN, sendUp, sendUpByLifeline } from "./lifeline.ts";

/** How long a thread waits for a keeper before it starts a child itself, in milliseconds. */
const OPEN_MS = 1000;
/** How long the creator is given to pass a request on where its warden may have to. */
const PASS_ON_MS = 30;

/** What starts the children of the calling thread, once that has answered. */
let keeper: ChildStarter | undefined;
/** Resolves when it has answered; undefined until it has been asked. */
let answered: Promise<void> | undefined;

async function ask(): Promise<void> {
  const { RelayedIpc } = await import("../platform/process/relayed-ipc.ts");
  return new Promise((resolve) => {
    const request = (): KeepRequest => {
      const { port1, port2 } = server.channel();
      const ipc = new RelayedIpc(port1);
      port1.onMessage((message) => {
        if (message !== OPEN) return;
        keeper ??= ipc;
        resolve();
      });
      const { agents, slot } = program();
      return { kind: "keep", port: port2.raw, slot, agent: agents.agentAt(slot) };
    };
    sendUp(request());
    server.backgroundTimer(() => {
      if (keeper === undefined) sendUpByLifeline(request);
    }, PASS_ON_MS);
  });
}

/** What starts the children of the calling thread. A promise where that is to be asked for. */
export function childStarter(): ChildStarter | Promise<ChildStarter> {
  if (!server.capabilities.processes || !hasCreator()) return server.children();
  return keeper ?? awaitKeeper();
}

async function awaitKeeper(): Promise<ChildStarter> {
  answered ??= ask();
  let timer: { cancel(): void } | undefined;
  const isLate = new Promise<void>((resolve) => {
    timer = server.backgroundTimer(resolve, OPEN_MS);
  });
  await Promise.race([answered, isLate]);
  timer?.cancel();
  return keeper ?? server.children();
}
