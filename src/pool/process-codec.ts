/** Values in messages between processes, in both of them. */
import { server } from "#platform";
import { codeOf } from "../shipping/code-lookup.ts";
import { ByteCodec } from "../wire/byte-codec.ts";
import { reports } from "../wire/channel.ts";
import { collectLent } from "../wire/lent.ts";
import { encodeThrown, shortened, type ThrownValue } from "../wire/remote-error.ts";
import { isImmutable } from "../wire/send.ts";
import type { MessageCodec } from "./call-codec.ts";
import { INITARGS } from "./initargs.ts";

const NOTHING: readonly object[] = [];

/** @param modules Those that may export the classes of errors and objects in values. */
export function processCodec(modules: () => readonly (string | undefined)[]): MessageCodec {
  const channel = reports(codeOf(modules));
  const bytes = new ByteCodec({
    channel,
    serialize: (value) => server.serialize(value),
    deserialize: (given) => server.deserialize(given),
  });
  /** As one value, so that an object which is in two arguments is still one. */
  const packArguments = (
    args: readonly unknown[],
    root = "args",
  ): ReturnType<MessageCodec["packArguments"]> => {
    if (args.every(isImmutable)) return { args, transfer: NOTHING, load: undefined };
    const [encoded, takeBack] = collectLent(() => bytes.encode(args, root));
    return { args: [encoded], transfer: NOTHING, load: takeBack && { lose: takeBack } };
  };
  const unpackArguments = (packed: readonly unknown[]): readonly unknown[] =>
    packed.every(isImmutable) ? packed : (bytes.decode(packed[0]) as unknown[]);
  return {
    copyArguments: (args) => unpackArguments(packArguments(args).args),
    copyInitargs: (args) => packArguments(args, INITARGS).args,
    packInitargs: (copied) => ({ args: copied, takeBack: undefined }), // as bytes already
    receiver: channel,
    packArguments: (args) => packArguments(args),
    unpackArguments,
    packResult: (value) => bytes.encode(value, "result"),
    unpackResult: (packed) => bytes.decode(packed),
    repackResult: () => undefined,
    packThrown(error) {
      const thrown = encodeThrown(error, channel);
      try {
        return bytes.encode(thrown, "thrown");
      } catch {
        return bytes.encode(shortened(thrown), "thrown"); // something in it cannot be bytes after all
      }
    },
    unpackThrown: (packed) => bytes.decode(packed) as ThrownValue,
  };
}
