/** Child processes as the workers of a pool. They get calls by message. */
import { server } from "#platform";
import { type Helper, ProcessAgent } from "../agents/process-agent.ts";
import { processFile } from "../agents/worker-file.ts";
import { ownFile } from "../base/own-files.ts";
import { BrokenProcessPool, CannotBlockError } from "../errors.ts";
import { callerUrls } from "../shipping/callers/caller.ts";
import { agentPump } from "../waiting/pump.ts";
import { mustBeAbleToBlock } from "../waiting/blocking-wait.ts";
import { decodeThrown } from "../wire/remote-error.ts";
import type { ChildStarter, IpcSettings } from "../platform/process/ipc.ts";
import type { AgentKind } from "./agent-kind.ts";
import type { MessageCodec } from "./call-codec.ts";
import { MessageTransport } from "./message-transport.ts";
import { controlByLifeline } from "./worker-control.ts";
import { processCodec } from "./process-codec.ts";

/** How the processes are started: who each is, given its name, and what is not as in this process. */
export type ProcessSettings = (name: string) => IpcSettings;

/** Where a context of `heddle/multiprocessing` has what gives its starter. Not public. */
export const STARTER: unique symbol = /* @__PURE__ */ Symbol.for("heddle.starter");

/** What the file exports that has processes start, and report, by another thread. */
interface HelperFile {
  helpedChildren(): Helper;
}

/**
 * Another thread, which starts processes and carries what they say while the calling one blocks.
 * Programs that never block for processes load none of it.
 */
function loadHelper(): Helper {
  const file = ownFile("multiprocessing/channels/children.js");
  if (file === undefined) {
    throw new CannotBlockError(
      "Cannot block for processes: heddle is part of a bundle, which has left its files behind. Use " +
        "the form of the method that returns a promise",
    );
  }
  return (server.loadOwnFile(file) as unknown as HelperFile).helpedChildren();
}

/**
 * Processes, with the codec that their messages have.
 *
 * This agent starts them, and they send their results to it, until it blocks for one: from then on
 * another thread carries the messages, and starts those that follow (agents/process-agent.ts).
 *
 * @param mostCalls How many calls each makes, before another takes its place. Default: any number.
 * @param starter Gives what starts them from the beginning, whose reports come while this agent blocks.
 */
export function childProcesses(
  settings: ProcessSettings,
  mostCalls?: number,
  starter?: () => ChildStarter,
): AgentKind<ProcessAgent> & { readonly codec: MessageCodec } {
  const codec = processCodec(() => [...callerUrls(), server.entryUrl()]);
  let helper: Helper | undefined;
  return {
    codec,
    start: ({ name, init, onDeath }) =>
      new ProcessAgent({
        name,
        entry: processFile(),
        payload: init,
        settings: settings(name),
        starter: starter?.() ?? helper,
        isBlocked: () => agentPump().isBlocked,
        readThrown: (thrown) => decodeThrown(codec.unpackThrown(thrown), codec.receiver),
        onDeath,
      }),
    transport: (listener) =>
      new MessageTransport(listener, codec, {
        mostCalls,
        controlOf: (agent, answer) => controlByLifeline(agent as ProcessAgent, answer),
      }),
    broken: (message, { worker, cause, started }) =>
      new BrokenProcessPool(message, {
        ...(cause === undefined ? {} : { cause }),
        worker: worker.name,
        pid: worker.pid,
        exitCode: worker.exitCode,
        signal: worker.signal,
        started,
      }),
    checkBlocking(agents) {
      if (starter !== undefined) return;
      mustBeAbleToBlock();
      helper ??= loadHelper();
      for (const agent of agents) {
        if (agent.reportWhileBlocked(helper)) continue;
        throw new CannotBlockError(
          "Cannot block for a process that has been started while nothing blocked: this program may " +
            "not read its environment, by which such a process learns where to send its results. Allow " +
            "it (Deno: --allow-env), await the results, or make the pool with " +
            "{ mpContext: getContext() }, of heddle/multiprocessing",
        );
      }
    },
    watchWhileBlocked: () => undefined,
    seesSleep: false,
    isAsleep: () => false,
  };
}
