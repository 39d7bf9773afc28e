/**
 * How a lock, a queue or another shared object crosses to another agent: as the
 * address of its block in the memory that all agents of the program share.
 *
 * The hand codec writes the address behind a tag of its own. In a message or in bytes of the
 * runtime's it is what belongs into a hole (see pack.ts).
 */

import { SendError } from "../errors.ts";

/** The property by which a shared object gives its address, also to another copy of heddle. */
export const HANDLE: unique symbol = /* @__PURE__ */ Symbol.for("heddle.handle");

/** What the codecs must know about shared objects. */
export interface HandleCodec {
  /** Counts a handle that is being sent. */
  send(address: number): void;
  /** Takes back the count of a handle that was sent, and will not be received. */
  unsend(address: number): void;
  /** The object that a received handle stands for. */
  receive(address: number): object;
}

/**
 * The same for a value whose sender may take back what has not been received.
 *
 * @param takeNext Says whether the next object of the value may be received.
 */
export function asLongAs(takeNext: () => boolean, handles: HandleCodec): HandleCodec {
  return {
    ...handles,
    unsend: (address) => {
      if (takeNext()) handles.unsend(address);
    },
    receive(address) {
      if (takeNext()) return handles.receive(address);
      throw new SendError("Cannot receive a shared object: its sender has taken it back", {
        path: "",
      });
    },
  };
}

/** The address of a shared object; undefined for any other. */
export function addressOf(object: object): number | undefined {
  return (object as { readonly [HANDLE]?: number })[HANDLE];
}
