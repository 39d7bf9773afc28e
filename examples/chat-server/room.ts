/** A chat room: whoever connects says a name, and from then on everybody gets everybody's lines. */
import { ConnectionError } from "heddle";
import type { StreamReader, StreamWriter } from "heddle/asyncio";

/** Bytes that may wait for a client that does not read. */
const PATIENCE = 2 ** 20;

const decoder = new TextDecoder();
export const textOf = (line: Uint8Array): string => decoder.decode(line).trim();

export class Room {
  readonly #writers = new Map<string, StreamWriter>();

  get size(): number {
    return this.#writers.size;
  }

  /** The life of one client. The server calls it for each, in a task of its own. */
  readonly welcome = async (reader: StreamReader, writer: StreamWriter): Promise<void> => {
    writer.write("What is your name?\n");
    const name = textOf(await reader.readline());
    if (name === "" || this.#writers.has(name)) {
      writer.write("That name is taken\n");
      writer.close();
      return;
    }
    this.#writers.set(name, writer);
    this.#tellAll(`* ${name} has come`);
    try {
      for await (const line of reader) this.#tellAll(`${name}: ${textOf(line)}`);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error; // it went without a word
    } finally {
      this.#writers.delete(name);
      writer.close();
      this.#tellAll(`* ${name} has gone`);
    }
  };

  /** Writes never wait: one slow client must not hold up the others. Too slow ones are thrown out. */
  #tellAll(message: string): void {
    const line = new TextEncoder().encode(`${message}\n`);
    for (const writer of this.#writers.values()) {
      writer.write(line);
      if (writer.transport.getWriteBufferSize() > PATIENCE) writer.transport.abort();
    }
  }
}
