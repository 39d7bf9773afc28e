/** A result that a worker posted before it died, and that comes when another call has the id. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MessageChannel } from "node:worker_threads";
import { Lock } from "heddle/threading";
import type { WorkerAgent } from "../../../build/src/agents/worker-agent.js";
import { Call } from "../../../build/src/calls/call.js";
import { threadChannel } from "../../../build/src/pool/call-codec.js";
import type { ResultMessage } from "../../../build/src/pool/messages.js";
import type { Port } from "../../../build/src/platform/platform.js";
import { PoolMemory } from "../../../build/src/pool/pool-memory.js";
import { SharedTransport } from "../../../build/src/pool/shared-transport.js";
import { handleCodec } from "../../../build/src/program/kinds.js";
import { program } from "../../../build/src/program/program.js";
import { SharedBlock } from "../../../build/src/program/shared-object.js";
import { CALLERS_CODE } from "../../../build/src/shipping/code-lookup.js";
import { addressOf } from "../../../build/src/wire/handles.js";
import { postValue } from "../../../build/src/wire/send.js";
import { server } from "#platform";

const SIZE = { workers: 1, capacity: 1 };

class Noted extends Call {
  outcome: unknown = "none yet";

  succeed(value: unknown): void {
    this.outcome = value;
  }

  fail(error: unknown): void {
    this.outcome = error;
  }

  abort(): void {}
}

/** A worker of the transport's that does what the test says. */
class Puppet {
  readonly #memory: PoolMemory;
  readonly #far = new MessageChannel();
  #isHeard: Promise<void> | undefined;

  constructor(transport: SharedTransport) {
    const codec = { handles: handleCodec, sharedBuffers: undefined, sharedBuffer: undefined };
    this.#memory = new PoolMemory(transport.initFor().memory, SIZE, codec, () => undefined);
    const raw = server.adoptPort(this.#far.port2);
    const port: Partial<Port> = {
      raw: raw.raw,
      onMessage: (listener) => {
        this.#isHeard = new Promise((resolve) => {
          raw.onMessage((message) => {
            listener(message);
            resolve();
          });
        });
        raw.ref();
      },
      onClose: () => undefined,
    };
    const agent = { name: "puppet", isDead: false, port };
    transport.attach(0, agent as unknown as WorkerAgent);
  }

  claim(): number {
    return this.#memory.calls.take((id) => this.#memory.table.claim(id, 0));
  }

  post(call: number, value: unknown): void {
    const channel = threadChannel(CALLERS_CODE);
    postValue(this.#far.port1, value, "result", channel, (sent): ResultMessage => ({
      kind: "result",
      call,
      sent,
    }));
    this.#memory.sendResultByMessage(call, false);
  }

  finish(call: number): void {
    this.#memory.table.finish(call, 0);
    this.#memory.finished.push(call);
  }

  /** Ends; resolves once what it has posted has come, if the transport listens. */
  async end(): Promise<void> {
    await this.#isHeard;
    this.#far.port1.close();
  }
}

function inFlight(object: object): number {
  return new SharedBlock(program(), addressOf(object) as number, false).inFlight;
}

describe("a result that comes after its worker was buried", () => {
  it("is not that of the next call with its id, and gives back its shared objects", async () => {
    const transport = new SharedTransport(SIZE, {
      succeeded: (call, value) => call.succeed(value),
      threw: (call, thrown) => call.fail(thrown),
      unreadable: (call, error) => call.fail(error),
      skipped: () => assert.fail("no call was asked to stop"),
      ended: () => assert.fail("no call was asked to stop"),
    });
    const [first, second, lock] = [new Noted(), new Noted(), new Lock()];
    const dying = new Puppet(transport);
    transport.submit(first, 0, [1]);
    transport.submit(second, 0, [2]); // waits for the id
    const id = dying.claim();
    dying.post(id, new Map([["first", lock]]));
    assert.equal(inFlight(lock), 1);
    assert.deepEqual(transport.bury(0), [first]);
    const next = new Puppet(transport);
    assert.equal(next.claim(), id);
    await dying.end();
    next.post(id, new Map([["second", 2]]));
    next.finish(id);
    transport.drain(Infinity);
    await next.end();
    transport.drain(Infinity);
    assert.deepEqual(second.outcome, new Map([["second", 2]]));
    assert.equal(inFlight(lock), 0);
  });
});
