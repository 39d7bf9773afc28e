/** What the compiler knows of streams and subprocesses. The assertions are types: `npm run check` tests them. */
import { describe, it } from "node:test";
import { expectTypeOf } from "expect-type";
import {
  type Awaitable,
  type Coroutine,
  createSubprocessExec,
  openConnection,
  PIPE,
  type Process,
  type Server,
  type SocketName,
  startServer,
  type StreamReader,
  type StreamWriter,
} from "heddle/asyncio";

// Only compiled, never called.
export async function connections(): Promise<void> {
  const connecting = openConnection("localhost", 1, { ssl: true, limit: 5 });
  expectTypeOf(connecting).toEqualTypeOf<Awaitable<[reader: StreamReader, writer: StreamWriter]>>();
  const [reader, writer] = await connecting;
  expectTypeOf(await reader.readuntil(["\n", new Uint8Array(2)])).toEqualTypeOf<Uint8Array>();
  expectTypeOf(writer.getExtraInfo("peername")).toEqualTypeOf<SocketName | null>();
  expectTypeOf(writer.getExtraInfo("cipher", "none")).toEqualTypeOf<string>();
  // @ts-expect-error -- nobody knows that
  writer.getExtraInfo("weather");
  // @ts-expect-error -- neither bytes nor text
  writer.write(5);
  // @ts-expect-error -- no such option
  openConnection("localhost", 1, { sll: true });
  // @ts-expect-error -- a forgotten await
  expectTypeOf(reader.read().length);
}

export async function servers(): Promise<void> {
  expectTypeOf(await startServer(() => {}, null, 0)).toEqualTypeOf<Server>();
  startServer(async (reader) => void (await reader.read()), ["::1", "127.0.0.1"], 0);
  startServer(
    function* (reader, writer): Coroutine<void> {
      expectTypeOf(reader).toEqualTypeOf<StreamReader>();
      expectTypeOf(writer).toEqualTypeOf<StreamWriter>();
      yield* writer.drain();
    },
    "localhost",
    0,
  );
  // @ts-expect-error -- a server has no use for `true`: it needs a certificate
  startServer(() => {}, null, 0, { ssl: true });
}

export function* processes(): Coroutine<void> {
  const process = yield* createSubprocessExec("cat", ["-n"], { stdin: PIPE, env: { A: "b" } });
  expectTypeOf(process).toEqualTypeOf<Process>();
  expectTypeOf(process.stdin).toEqualTypeOf<StreamWriter | null>();
  expectTypeOf(process.returncode).toEqualTypeOf<number | null>();
  expectTypeOf(yield* process.wait()).toEqualTypeOf<number>();
  const [output] = yield* process.communicate("text");
  expectTypeOf(output).toEqualTypeOf<Uint8Array | null>();
  // @ts-expect-error -- streams carry bytes
  createSubprocessExec("cat", [], { encoding: "utf8" });
}

describe("types of streams", () => {
  it("are checked by the compiler", () => {});
});
