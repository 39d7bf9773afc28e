import { type Connection, Pipe, Process } from "heddle/multiprocessing";

async function f(connection: Connection): Promise<void> {
  await connection.send([42, null, "hello"]);
  connection.close();
}

const [parentConnection, childConnection] = Pipe();
const child = new Process({ target: f, args: [childConnection] });
child.start();
console.log(await parentConnection.recv());
await child.join();

const [a, b] = Pipe();
await a.send([1, "hello", null]);
console.log(await b.recv());
await b.sendBytes(new TextEncoder().encode("thank you"));
console.log(new TextDecoder().decode(await a.recvBytes()));
const first = new Int32Array([0, 1, 2, 3, 4]);
const second = new Int32Array(10);
await a.sendBytes(first);
const count = await b.recvBytesInto(second);
console.log(count === first.byteLength, [...second]);
