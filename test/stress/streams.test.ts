/**
 * Random traffic over connections, some of which are cancelled, aborted or upgraded:
 * what arrives is what was sent, and nothing is left open.
 *
 * A second for each seed; HEDDLE_STRESS_SECONDS makes it longer, and
 * HEDDLE_STRESS_SEED repeats a run that has failed.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { describe, it } from "node:test";
import { CancelledError, OSError } from "heddle";
import {
  createTask,
  gather,
  openConnection,
  run,
  sleep,
  startServer,
  type StreamReader,
  type StreamWriter,
} from "heddle/asyncio";
import { Dice } from "../support/dice.ts";

const SECONDS = Number(process.env["HEDDLE_STRESS_SECONDS"] ?? 1);
const SEEDS = process.env["HEDDLE_STRESS_SEED"]?.split(",").map(Number) ?? [1, 2];
const HOST = "127.0.0.1";
const CLIENTS = 20;

const pem = (name: string): string =>
  readFileSync(new URL(`../support/streams/tls/${name}.pem`, import.meta.url), "utf8");
const SERVER_TLS = { cert: pem("cert"), key: pem("key") };
const CLIENT_TLS = { ca: pem("cert") };

/** Sends back what comes: with the first byte 1, after an upgrade to TLS. */
async function echo(reader: StreamReader, writer: StreamWriter): Promise<void> {
  try {
    const [isSecret] = await reader.read(1);
    if (isSecret === 1) {
      writer.write(new Uint8Array([1]));
      await writer.startTls(SERVER_TLS);
    }
    for (;;) {
      const bytes = await reader.read(50_000);
      if (bytes.length === 0) break;
      writer.write(bytes);
      await writer.drain();
    }
  } catch (error) {
    if (!(error instanceof OSError)) throw error; // it was aborted
  }
  writer.close();
}

/** The byte at a place of what a client sends. */
const byteAt = (seed: number, place: number): number =>
  (seed + Math.imul(place, 2_654_435_761)) >>> 24;

interface Plan {
  readonly seed: number;
  readonly isSecret: boolean;
  readonly sizes: readonly number[];
  readonly pauses: readonly number[];
}

function makePlan(dice: Dice): Plan {
  const sizes = Array.from({ length: 1 + dice.roll(12) }, () =>
    dice.roll(4) === 0 ? dice.roll(200_000) : dice.roll(2000),
  );
  return {
    seed: dice.roll(1000),
    isSecret: dice.roll(4) === 0,
    sizes,
    pauses: sizes.map(() => dice.roll(4) - 1),
  };
}

/** Sends as planned, and checks what comes back meanwhile. */
async function talk(port: number, plan: Plan, written: StreamWriter[]): Promise<void> {
  const [reader, writer] = await openConnection(HOST, port, { limit: 1000 });
  written.push(writer);
  try {
    writer.write(new Uint8Array([plan.isSecret ? 1 : 0]));
    if (plan.isSecret) {
      await reader.readexactly(1);
      await writer.startTls(CLIENT_TLS);
    }
    const sending = createTask(async () => {
      let sent = 0;
      for (const [index, size] of plan.sizes.entries()) {
        writer.write(Uint8Array.from({ length: size }, (_, i) => byteAt(plan.seed, sent + i)));
        sent += size;
        await writer.drain();
        const pauseMs = plan.pauses[index] as number;
        if (pauseMs >= 0) await sleep(pauseMs);
      }
    });
    const total = plan.sizes.reduce((sum, size) => sum + size, 0);
    try {
      for (let got = 0; got < total;) {
        const bytes = await reader.read(1 + ((got * 7) % 5000));
        assert.ok(bytes.length > 0, "the stream ended early");
        for (const [i, byte] of bytes.entries()) {
          if (byte !== byteAt(plan.seed, got + i)) assert.fail(`wrong byte at ${got + i}`);
        }
        got += bytes.length;
      }
      await sending;
    } finally {
      sending.cancel();
    }
  } finally {
    writer.close();
  }
}

describe("streams under random use", () => {
  for (const seed of SEEDS) {
    it(`what arrives is what was sent, and nothing is left open (seed ${seed})`, async () => {
      const dice = new Dice(seed);
      const until = performance.now() + SECONDS * 1000;
      let finished = 0;
      await run(async () => {
        while (performance.now() < until) {
          const server = await startServer(echo, HOST, 0);
          const writers: StreamWriter[] = [];
          const tasks = Array.from({ length: CLIENTS }, () =>
            createTask(async () => talk(server.port, makePlan(dice), writers)),
          );
          const victims = tasks.filter(() => dice.roll(5) === 0);
          await sleep(dice.roll(20));
          for (const victim of victims) victim.cancel();
          const aborted = dice.roll(3) === 0 ? writers[dice.roll(CLIENTS)] : undefined;
          aborted?.transport.abort();
          const outcomes = await gather(tasks, { returnExceptions: true });
          for (const [index, outcome] of outcomes.entries()) {
            if (outcome === undefined) finished += 1;
            else if (outcome instanceof CancelledError)
              assert.ok(victims.includes(tasks[index] as never));
            else if (!(aborted !== undefined)) throw outcome;
          }
          server.close();
          await server.waitClosed();
        }
      });
      assert.ok(finished > 0);
    });
  }
});
