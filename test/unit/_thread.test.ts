import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { SystemExit } from "heddle";
import { daemonThreadsAllowed, exit, interruptMain, setName, TIMEOUT_MAX } from "heddle/_thread";
import { currentThread, TIMEOUT_MAX as sameMax } from "heddle/threading";

describe("_thread", () => {
  it("exit throws SystemExit", () => {
    assert.throws(() => exit(), SystemExit);
  });

  it("setName names the calling thread", () => {
    const { name } = currentThread();
    setName("weaver");
    assert.equal(currentThread().name, "weaver");
    setName(name);
  });

  it("interruptMain does what the signal does", async () => {
    const caught = new Promise((resolve) => process.once("SIGUSR2", resolve));
    const keepAlive = setTimeout(() => {}, 20_000);
    interruptMain("SIGUSR2"); // test runners have plans of their own for SIGINT
    assert.equal(await caught, "SIGUSR2");
    clearTimeout(keepAlive);
    assert.throws(() => interruptMain("SIGNONE"), TypeError);
  });

  it("knows the longest timeout, and that daemons are allowed", () => {
    assert.equal(TIMEOUT_MAX, sameMax);
    assert.equal(daemonThreadsAllowed(), true);
  });
});
