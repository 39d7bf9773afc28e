import { BoundedSemaphore, Condition, Lock, RLock, Semaphore } from "heddle/threading";

import { lockContract } from "./lock-contract.ts";
import { semaphoreContract } from "./semaphore-contract.ts";

lockContract("Lock", () => new Lock());
lockContract("RLock", () => new RLock());
lockContract("BoundedSemaphore(1)", () => new BoundedSemaphore(1));
lockContract("Condition", () => new Condition());
lockContract("Condition of a Lock", () => new Condition(new Lock()));

semaphoreContract("Semaphore", (value) => new Semaphore(value));
semaphoreContract("BoundedSemaphore", (value) => new BoundedSemaphore(value));
