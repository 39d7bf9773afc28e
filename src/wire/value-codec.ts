/** What the hand codec needs of its agent: how errors and shared objects inside values are written and read. */
import type { HandleCodec } from "./handles.ts";
import { type ClassLookup, decodeThrown, encodeThrown, type ThrownValue } from "./remote-error.ts";

/**
 * @param handles Undefined where shared objects cannot be sent: values that hold one are declined.
 * @param carries Which fields of errors can be sent; the others are sent as text.
 */
export function valueCodec(
  classes: ClassLookup,
  handles: HandleCodec | undefined,
  carries?: (value: unknown) => boolean,
): {
  describeError(error: Error): unknown;
  rebuildError(description: unknown): unknown;
  handles: HandleCodec | undefined;
  sharedBuffer: undefined;
  sharedBuffers: undefined;
} {
  return {
    sharedBuffer: undefined,
    sharedBuffers: undefined,
    handles,
    // As whole as if it had been thrown.
    describeError: (error) => encodeThrown(error, classes.locate, carries),
    rebuildError: (description) => decodeThrown(description as ThrownValue, classes.load),
  };
}
