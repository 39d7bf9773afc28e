import { type Connection, currentProcess, Pipe, Process } from "heddle/multiprocessing";
import { wait } from "heddle/multiprocessing/connection";
import { EOFError } from "heddle";

async function foo(writer: Connection): Promise<void> {
  for (let i = 0; i < 10; i++) await writer.send([i, currentProcess().name]);
  writer.close();
}

const readers: Connection[] = [];
for (let i = 0; i < 4; i++) {
  const [reader, writer] = Pipe({ duplex: false });
  readers.push(reader);
  const child = new Process({ target: foo, args: [writer] });
  child.start();
  // We close the writable end of the pipe now, to be sure that the child is the only process that
  // has it: then the reader says when it is closed there.
  writer.close();
}

const counts = new Map<string, number>();
while (readers.length > 0) {
  for (const reader of await wait(readers)) {
    try {
      const [, name] = (await reader.recv()) as [number, string];
      counts.set(name, (counts.get(name) ?? 0) + 1);
    } catch (error) {
      if (!(error instanceof EOFError)) throw error;
      readers.splice(readers.indexOf(reader), 1);
    }
  }
}
for (const name of [...counts.keys()].sort()) console.log(name, counts.get(name));
