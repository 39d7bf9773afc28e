/** Waits for processes and their channels that are cancelled: see taking.test.ts. */
import { after } from "node:test";
import { takingContract } from "./taking-contract.ts";
import { endSharedProcesses, PROCESSES } from "./taking-processes.ts";

takingContract(PROCESSES);
after(endSharedProcesses);
