/** Python's Pipe. */
import { checkedOption, checkedOptions } from "../../base/options.ts";
import { checkNotEvaluating } from "../../shipping/main-module.ts";
import { READS, WRITES } from "../channels/frames.ts";
import { createLane } from "../channels/post.ts";
import { type Connection, makeConnection } from "./connection.ts";

/** What a pipe is like. Python: none */
export interface PipeOptions {
  /** Whether both ends send and receive. Default: true. Otherwise the first receives and the second sends. */
  readonly duplex?: boolean | undefined;
}

/** Most messages in one direction that have not been received. */
const MOST_WAITING = 256;

/**
 * Makes a pipe, and gives both its ends. 256 messages in each direction may wait to be received;
 * then `send` waits.
 *
 * Python: `multiprocessing.Pipe`
 *
 * @throws {UnsupportedError} The runtime has no processes.
 *
 * @example One direction
 * ```ts
 * import { Pipe } from "heddle/multiprocessing";
 *
 * const [receiver, sender] = Pipe({ duplex: false });
 * await sender.send({ weave: "twill" });
 * console.log(JSON.stringify(await receiver.recv())); // {"weave":"twill"}
 * ```
 */
export function Pipe(options?: PipeOptions): [Connection, Connection] {
  const given = checkedOptions(options, ["duplex"], "Pipe");
  const duplex = checkedOption(given.duplex, "boolean", 'Pipe: "duplex"') ?? true;
  checkNotEvaluating("make a Pipe");
  const there = createLane(MOST_WAITING, true);
  if (!duplex)
    return [makeConnection(there(READS), undefined), makeConnection(undefined, there(WRITES))];
  const back = createLane(MOST_WAITING, true);
  return [makeConnection(back(READS), there(WRITES)), makeConnection(there(READS), back(WRITES))];
}
