/** What the main thread's warden does for the children of threads (see child-keeper.ts). Loaded with the first. */
import { server } from "#platform";
import { serveIpc } from "../platform/process/served-ipc.ts";
import { program } from "../program/program.ts";
import { type KeepRequest, OPEN } from "./lifeline.ts";

/** The threads whose children this one owns, and how to end these. */
const kept = new Map<KeepRequest, () => void>();

/** Owns the children of the thread at the other end of the port. */
export function keepChildren(request: KeepRequest): void {
  const port = server.adoptPort(request.port);
  kept.set(request, serveIpc(port, server.children()));
  port.onClose(() => kept.delete(request));
  port.postMessage(OPEN);
}

/** Ends the children of threads that have died. */
export function endChildrenOfDead(): void {
  const { agents } = program();
  for (const [{ slot, agent }, end] of kept) {
    if (!agents.isLive(slot) || agents.agentAt(slot) !== agent) end();
  }
}
