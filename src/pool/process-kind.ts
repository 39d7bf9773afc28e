/** Child processes as the workers of a pool. They get calls by message. */
import { server } from "#platform";
import { ProcessAgent } from "../agents/process-agent.ts";
import { processFile } from "../agents/worker-file.ts";
import { BrokenProcessPool, CannotBlockError } from "../errors.ts";
import { callerUrls } from "../shipping/callers/caller.ts";
import { decodeThrown } from "../wire/remote-error.ts";
import type { Ipc, IpcSettings } from "../platform/process/ipc.ts";
import type { AgentKind } from "./agent-kind.ts";
import type { MessageCodec } from "./call-codec.ts";
import { MessageTransport } from "./message-transport.ts";
import { processCodec } from "./process-codec.ts";

/** How the processes are started: who each is, given its name, and what is not as in this process. */
export type ProcessSettings = (name: string) => IpcSettings;

/** What starts processes. */
export type ChildStarter = Pick<Ipc, "start">;

/** Where a context of `heddle/multiprocessing` has what gives its starter. Not public. */
export const STARTER: unique symbol = /* @__PURE__ */ Symbol.for("heddle.starter");

/**
 * Processes, with the codec that their messages have.
 *
 * @param mostCalls How many calls each makes, before another takes its place. Default: any number.
 * @param starter Gives what starts them, whose reports come while this agent blocks. Default: this agent does.
 */
export function childProcesses(
  settings: ProcessSettings,
  mostCalls?: number,
  starter?: () => ChildStarter,
): AgentKind<ProcessAgent> & { readonly codec: MessageCodec } {
  const codec = processCodec(() => [...callerUrls(), server.entryUrl()]);
  return {
    codec,
    start: ({ name, init, onDeath }) =>
      new ProcessAgent({
        name,
        entry: processFile(),
        payload: init,
        settings: settings(name),
        starter: starter?.(),
        readThrown: (thrown) => decodeThrown(codec.unpackThrown(thrown), codec.receiver),
        onDeath,
      }),
    transport: (listener) => new MessageTransport(listener, codec, mostCalls),
    broken: (message, { worker, cause, started }) =>
      new BrokenProcessPool(message, {
        ...(cause === undefined ? {} : { cause }),
        worker: worker.name,
        pid: worker.pid,
        exitCode: worker.exitCode,
        signal: worker.signal,
        started,
      }),
    checkBlocking() {
      if (starter !== undefined) return;
      throw new CannotBlockError(
        "Cannot block for processes: their results come by messages, which need the event loop. " +
          "Use the form of the method that returns a promise (result, map, shutdown, wait); or make the pool with " +
          "{ mpContext: getContext() }, of heddle/multiprocessing, whose processes another thread owns",
      );
    },
    watchWhileBlocked: () => undefined,
    seesSleep: false,
    isAsleep: () => false,
  };
}
