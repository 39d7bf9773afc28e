import { BoundedSemaphore, Condition, Lock, RLock, Semaphore } from "heddle/threading";

import { lockContract } from "./lock-contract.ts";
import { semaphoreContract } from "./semaphore-contract.ts";

lockContract("Lock", () => new Lock());
lockContract("RLock", () => new RLock());
lockContract("BoundedSemaphore(1)", () => new BoundedSemaphore(1));

// Waiting for a condition's lock is not waiting for the condition.
const inner = new WeakMap<object, Lock | RLock>();
for (const [name, make] of [
  ["Condition", () => new RLock()],
  ["Condition of a Lock", () => new Lock()],
] as const) {
  const makeCondition = (): Condition => {
    const lock = make();
    const condition = new Condition(lock);
    inner.set(condition, lock);
    return condition;
  };
  lockContract(name, makeCondition, (condition) => inner.get(condition) as object);
}

semaphoreContract("Semaphore", (value) => new Semaphore(value));
semaphoreContract("BoundedSemaphore", (value) => new BoundedSemaphore(value));
