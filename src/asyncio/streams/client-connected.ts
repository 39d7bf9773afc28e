/** What a server does with a connection: it calls the user's function, in a task. */
import type { Loop } from "../engine/classes.ts";
import type { Coroutine } from "../events.ts";
import { isGeneratorFunction } from "../engine/spawnable.ts";
import type { Connection } from "./connection.ts";
import type { Streams } from "./open-connection.ts";
import type { StreamReader } from "./stream-reader.ts";
import type { StreamWriter } from "./stream-writer.ts";

/**
 * What a server calls for each connection: a generator function, an async function or a plain one.
 *
 * Python: none
 */
export type ClientConnected = (
  reader: StreamReader,
  writer: StreamWriter,
) => Coroutine<unknown> | PromiseLike<unknown> | void;

/**
 * Calls the function in a task of its own. If that fails, the loop's exception handler
 * is told, and the connection closed; also if it is cancelled.
 */
export function callClientConnected(
  loop: Loop,
  clientConnected: ClientConnected,
  connection: Connection,
  reader: StreamReader,
  writer: StreamWriter,
): void {
  const call = clientConnected as (...streams: Streams) => Coroutine<unknown>;
  const task = loop.createTask(
    isGeneratorFunction(clientConnected) ? call(reader, writer) : () => call(reader, writer),
  );
  task.addDoneCallback(() => {
    if (task.cancelled()) {
      connection.close();
      return;
    }
    const exception = task.exception();
    if (exception === undefined) return;
    const message = "Unhandled exception in client_connected_cb";
    loop.callExceptionHandler({ message, exception, task });
    connection.close();
  });
}
