/** What a call threw, on its way to another agent. */
import type { Channel } from "./channel.ts";
import { inWords } from "./error-description.ts";
import { packThrown, type PackedThrown } from "./pack.ts";
import { noteRemote, setStack } from "./stack.ts";
import { type Receiver, unpackThrown } from "./unpack.ts";

/** A thrown value as it travels: plain data throughout. */
export type ThrownValue =
  | { readonly kind: "value"; readonly value: unknown }
  | ({ readonly kind: "packed" } & PackedThrown);

/** Makes plain data of what was thrown, whatever that is. Never throws. */
export function encodeThrown(thrown: unknown, channel: Channel): ThrownValue {
  try {
    return { kind: "packed", ...packThrown(thrown, channel) };
  } catch {
    return { kind: "value", value: inWords(thrown) }; // such as a revoked Proxy
  }
}

/** Most characters of each of the texts that {@link shortened} keeps. */
const SHORT = 1024;

/** The same without the fields of an error, and with no more than the beginning of each text: at most some 10 KiB. */
export function shortened(thrown: ThrownValue): ThrownValue {
  const content = thrown.kind === "packed" ? thrown.contents[thrown.at] : undefined;
  if (typeof content !== "object" || content.kind !== "error") {
    const value = thrown.kind === "value" ? thrown.value : thrown.packed;
    return { kind: "value", value: inWords(value).slice(0, SHORT) };
  }
  const short = {
    ...content,
    name: content.name.slice(0, SHORT),
    message: content.message.slice(0, SHORT),
    stack: content.stack.slice(0, SHORT),
    fields: [],
    errors: undefined,
    sentAsText: [],
  };
  return { kind: "packed", packed: undefined, at: 0, holes: [undefined], contents: [short] };
}

/** Where the error was thrown, and where the work that threw it was asked for. */
export interface Origin {
  /** What its stack calls the agent that threw it: `thread "Thread-1"`. */
  readonly agent: string;
  /** Stack frames of the call that submitted the work, one a line. */
  readonly submitFrames: string;
}

/** @throws {SendError} There is an object in it whose class cannot be loaded here. */
export function decodeThrown(thrown: ThrownValue, receiver: Receiver, origin?: Origin): unknown {
  if (thrown.kind === "value") return thrown.value;
  const error = unpackThrown(thrown, receiver);
  if (thrown.at !== -1 && origin !== undefined) joinStacks(error as Error, origin);
  return error;
}

/** The remote stack, a line that names the agent, and the frames of the submitting call. */
function joinStacks(error: Error, { agent, submitFrames }: Origin): void {
  setStack(error, `${error.stack}\n    --- ${agent} ---\n${submitFrames}`.trimEnd());
  if (submitFrames === "") noteRemote(error);
}
