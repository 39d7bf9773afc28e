/** Classes, as a module exports them, for processes. */
import process from "node:process";
import { isMainThread, reduce } from "heddle";
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

/** Cannot be made again in the process with that number. */
export class Picky {
  readonly pid: number;

  constructor(pid: number) {
    this.pid = pid;
  }

  [reduce](): [typeof makePicky, [number]] {
    return [makePicky, [this.pid]];
  }
}

export function makePicky(pid: number): Picky {
  if (process.pid === pid) throw new RangeError("not in this process");
  return new Picky(pid);
}

export function pidOf(picky: Picky): number {
  return picky.pid;
}

/** Can be sent to another thread, and cannot be made there. */
export class OnlyInMain {
  [reduce](): [typeof makeOnlyInMain, []] {
    return [makeOnlyInMain, []];
  }
}

export function makeOnlyInMain(): OnlyInMain {
  if (!isMainThread) throw new RangeError("not in this thread");
  return new OnlyInMain();
}

export function nameOf(value: object): string {
  return value.constructor.name;
}
