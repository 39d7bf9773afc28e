/** The owner's side of relayed-ipc.ts. */
import type { DetouredChild } from "./detour-address.ts";
import type { ChildStarter, IpcChild, IpcEvents, IpcSettings } from "./ipc.ts";
import type { Output, RelayPort, Report, Request } from "./relayed-ipc.ts";

interface OwnedChild {
  child: IpcChild | undefined;
  /** What it prints to pipes of which the end has not come. */
  readonly outputs: Map<Output, AsyncIterator<Uint8Array>>;
  hasEnded: boolean;
}

const OUTPUTS: readonly Output[] = ["stdout", "stderr"];

/** Opens the second lane to a child (reached-child.ts). */
export type Reach = (child: DetouredChild, events: IpcEvents) => IpcChild;

/**
 * Starts, and owns, the children that the agent at the other end of the port asks for. Returns how to
 * end them, which the closing of the port does, too.
 *
 * @param reach Given where the agent may ask for it.
 */
export function serveIpc(port: RelayPort, starter: ChildStarter, reach?: Reach): () => void {
  const owner = new Owner(port, starter, reach);
  port.onMessage((message) => owner.receive(message as Request));
  port.onClose(() => owner.end());
  return () => owner.end();
}

class Owner {
  readonly #port: RelayPort;
  readonly #starter: ChildStarter;
  readonly #reach: Reach | undefined;
  readonly #owned = new Map<number, OwnedChild>();
  #isOver = false;

  constructor(port: RelayPort, starter: ChildStarter, reach: Reach | undefined) {
    this.#port = port;
    this.#starter = starter;
    this.#reach = reach;
  }

  receive(request: Request): void {
    if (request.kind === "start") return this.#start(request.id, request.module, request.settings);
    if (request.kind === "reach") return this.#openLane(request.id, request.child);
    const owned = this.#owned.get(request.id);
    if (owned === undefined) return;
    if (request.kind === "read") return void this.#read(request.id, owned, request.output);
    if (owned.hasEnded) return;
    if (request.kind === "write") this.#write(request.id, owned, request.chunk);
    else if (request.kind === "send") owned.child?.send(request.message);
    else if (request.kind === "ask") owned.child?.ask(request.request);
    else if (request.kind === "stop") owned.child?.stop();
    else owned.child?.kill(request.signal);
  }

  end(): void {
    this.#isOver = true;
    for (const { child, hasEnded } of this.#owned.values()) if (!hasEnded) child?.kill("SIGKILL");
  }

  #start(id: number, module: string, settings: IpcSettings): void {
    const owned: OwnedChild = { child: undefined, outputs: new Map(), hasEnded: false };
    this.#owned.set(id, owned);
    this.#starter.start(new URL(module), settings, this.#eventsOf(id, owned));
  }

  #openLane(id: number, child: DetouredChild): void {
    const owned: OwnedChild = { child: undefined, outputs: new Map(), hasEnded: false };
    this.#owned.set(id, owned);
    owned.child = this.#reach?.(child, this.#eventsOf(id, owned));
  }

  #eventsOf(id: number, owned: OwnedChild): IpcEvents {
    return {
      started: (child) => {
        owned.child = child;
        if (this.#isOver) return child.kill("SIGKILL");
        for (const name of OUTPUTS) {
          const output = child[name]?.[Symbol.asyncIterator]();
          if (output !== undefined) owned.outputs.set(name, output);
        }
        const { pid, detour } = child;
        this.#report({ id, kind: "started", pid, outputs: [...owned.outputs.keys()], detour });
      },
      failed: (error) => {
        this.#owned.delete(id);
        // What the runtimes throw may hold what no message can.
        const text = error instanceof Error ? error.message : String(error);
        this.#report({ id, kind: "failed", error: new Error(text) });
      },
      message: (message) => this.#report({ id, kind: "message", message }),
      answer: (answer) => this.#report({ id, kind: "answer", answer }),
      ended: (exitCode, signal) => {
        owned.hasEnded = true;
        this.#forgetIfOver(id, owned);
        const signalNumber = signal === undefined ? signal : owned.child?.signalNumber(signal);
        this.#report({ id, kind: "ended", exitCode, signal, signalNumber });
      },
    };
  }

  #write(id: number, { child }: OwnedChild, chunk: Uint8Array | undefined): void {
    child?.write?.(chunk, (error) => this.#report({ id, kind: "written", error }));
  }

  async #read(id: number, owned: OwnedChild, output: Output): Promise<void> {
    const reading = owned.outputs.get(output)?.next();
    const next = await reading?.catch(() => undefined);
    const chunk = next?.done === true ? undefined : next?.value;
    if (chunk === undefined) {
      owned.outputs.delete(output);
      this.#forgetIfOver(id, owned);
    }
    this.#report({ id, kind: "chunk", output, chunk });
  }

  #forgetIfOver(id: number, { hasEnded, outputs }: OwnedChild): void {
    if (hasEnded && outputs.size === 0) this.#owned.delete(id);
  }

  #report(report: Report): void {
    this.#port.postMessage(report);
  }
}
