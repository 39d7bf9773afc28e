/** Classes of processes, as a module exports them. */
import { currentProcess, Process } from "heddle/multiprocessing";
import { currentProcess as currentThread, Process as Thread } from "heddle/multiprocessing/dummy";

/** Takes some steps. */
export class Steps extends Process {
  readonly count: number;

  constructor(count: number, target: (n: number) => number = (n) => n) {
    super({ target, args: [0] } as object);
    this.count = count;
  }

  override run(): object {
    const steps = Array.from({ length: this.count }, (_, n) => n + (super.run() as number));
    return { steps, name: this.name, isCurrent: currentProcess() === (this as unknown) };
  }
}

/** A thread that says whether it is the current one, and which exit code it has meanwhile. */
export class ChildOfThread extends Thread {
  readonly count: number;

  constructor(count: number) {
    super();
    this.count = count;
  }

  override run(): unknown[] {
    return [currentThread() === (this as unknown), this.exitcode, this.count + 1];
  }
}
