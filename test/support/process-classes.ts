/** A class of processes, as a module exports it. */
import { currentProcess, Process } from "heddle/multiprocessing";

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
