/** Starts a process whenever it is loaded. */
import { Process } from "heddle/multiprocessing";

export const one = (): number => started.exitcode ?? 1;

export const started = new Process({ target: () => 2 });
started.start();
