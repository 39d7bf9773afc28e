/** A program's visitor to the chat room. */
import { openConnection, type StreamReader, type StreamWriter } from "heddle/asyncio";

import { textOf } from "./room.ts";

export class Visitor {
  readonly name: string;
  readonly #reader: StreamReader;
  readonly #writer: StreamWriter;

  private constructor(name: string, reader: StreamReader, writer: StreamWriter) {
    this.name = name;
    this.#reader = reader;
    this.#writer = writer;
  }

  /** Comes in, and waits until the others have been told. */
  static async enter(name: string, port: number): Promise<Visitor> {
    const [reader, writer] = await openConnection("127.0.0.1", port);
    const visitor = new Visitor(name, reader, writer);
    await reader.readline(); // the question
    visitor.say(name);
    await visitor.#hearUntil((line) => line === `* ${name} has come`);
    return visitor;
  }

  say(line: string): void {
    this.#writer.write(`${line}\n`);
  }

  /** Listens until so many lines were said by anybody; returns how many of them were its own. */
  async listen(count: number): Promise<number> {
    let heard = 0;
    let own = 0;
    await this.#hearUntil((line) => {
      if (line.startsWith("*")) return false;
      heard += 1;
      if (line.startsWith(`${this.name}: `)) own += 1;
      return heard === count;
    });
    return own;
  }

  async leave(): Promise<void> {
    this.#writer.close();
    await this.#writer.waitClosed();
  }

  async #hearUntil(isEnough: (line: string) => boolean): Promise<void> {
    for (;;) {
      const line = await this.#reader.readline();
      if (line.length === 0) throw new Error(`${this.name} was thrown out`);
      if (isEnough(textOf(line))) return;
    }
  }
}
