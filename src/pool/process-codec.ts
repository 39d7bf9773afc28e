/** Values in messages between processes, in both of them. */
import { platform } from "#platform";
import { ByteCodec } from "../wire/byte-codec.ts";
import { classesOf, loadClass, locateClass } from "../shipping/classes.ts";
import { encodeThrown, type ThrownValue } from "../wire/remote-error.ts";
import { canCarry, PROCESS_BYTES } from "../wire/send-error.ts";
import { isImmutable } from "../wire/send.ts";
import { INITARGS, type MessageCodec } from "./call-codec.ts";

const NOTHING: readonly object[] = [];

/** @param modules Those that may export the classes of errors in values. */
export function processCodec(modules: () => readonly (string | undefined)[]): MessageCodec {
  const bytes = new ByteCodec({
    classes: classesOf(modules),
    carrier: PROCESS_BYTES,
    serialize: (value) => platform.serialize(value),
    deserialize: (given) => platform.deserialize(given),
  });
  /** As one value, so that an object which is in two arguments is still one. */
  const packArguments = (
    args: readonly unknown[],
    root = "args",
  ): ReturnType<MessageCodec["packArguments"]> => {
    const packed = args.every(isImmutable) ? args : [bytes.encode(args, root)];
    return { args: packed, transfer: NOTHING };
  };
  const unpackArguments = (packed: readonly unknown[]): readonly unknown[] =>
    packed.every(isImmutable) ? packed : (bytes.decode(packed[0]) as unknown[]);
  return {
    copyArguments: (args) => unpackArguments(packArguments(args).args),
    copyInitargs: (args) => packArguments(args, INITARGS).args,
    packInitargs: (copied) => copied, // as bytes already
    loadClass,
    packArguments: (args) => packArguments(args),
    unpackArguments,
    packResult: (value) => bytes.encode(value, "result"),
    unpackResult: (packed) => bytes.decode(packed),
    packThrown(error, ...thrownBy) {
      const pack = (carries: (value: unknown) => boolean): unknown =>
        bytes.encode(
          encodeThrown(error, (constructor) => locateClass(constructor, ...thrownBy), carries),
          "thrown",
        );
      try {
        return pack((value) => canCarry(value, PROCESS_BYTES));
      } catch {
        return pack(() => false); // something in it can be copied, but not written as bytes
      }
    },
    unpackThrown: (packed) => bytes.decode(packed) as ThrownValue,
  };
}
