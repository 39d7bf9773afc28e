/** Python's DummyProcess: a thread with the name and the members of a process. */
import { threadRegistry } from "../../base/registry.ts";
import { checkedOptions } from "../../base/options.ts";
import { asTarget, type Giving } from "../../base/advice.ts";
import { Thread } from "../../threading/thread.ts";

/** What a new {@link Process} is to do. Python: none */
export type ProcessOptions<R = unknown, A extends readonly unknown[] = readonly never[]> =
  | (TargetOptions<R, A> & {
      /** The target's arguments; they are copied to the thread. */
      readonly args?: Readonly<NoInfer<A>> | undefined;
      /** None. */
      readonly kwargs?: undefined;
    })
  | (TargetOptions<R, A> & {
      /** The target's arguments before `kwargs`. */
      readonly args?: readonly unknown[] | undefined;
      /** Passed as one object behind the arguments, in place of Python's keyword arguments. */
      readonly kwargs: object;
    });

interface TargetOptions<R, A extends readonly unknown[]> {
  /** The function to run in the thread. It takes along what it uses of its module. */
  readonly target?: ((...args: A) => R) | undefined;
  /** Default: `Thread-N (target)`. */
  readonly name?: string | number | undefined;
  /** Whether the program may end while the thread runs. Default: that of the thread that makes it. */
  readonly daemon?: boolean | undefined;
}

const OPTIONS = ["target", "args", "kwargs", "name", "daemon"] as const;

/** Those that this thread has started and that had not ended when it last looked, in that order. */
function children(): Set<Process> {
  return threadRegistry("dummy processes@1", () => new Set());
}

/**
 * A thread that is used as a process: the class of `heddle/multiprocessing/dummy` that stands for
 * the `Process` of `heddle/multiprocessing`.
 *
 * It shares the working directory and the environment of the program, can be sent what threads can
 * share, and cannot be ended from outside.
 *
 * Python: `multiprocessing.dummy.DummyProcess`
 * Differs: as those of `Thread`. It may be started by another thread than the one that has made it.
 *
 * @example
 * ```ts
 * import { Process } from "heddle/multiprocessing/dummy";
 *
 * const child = new Process({ target: (n: number) => n * 2, args: [21] });
 * child.start();
 * console.log(await child, child.exitcode); // 42 0
 * ```
 */
export class Process<R = unknown, A extends readonly unknown[] = readonly never[]> extends Thread<
  R,
  A
> {
  /**
   * Makes a thread, which does nothing until it is started.
   *
   * @throws {TypeError} An unknown option, or one of the wrong type.
   */
  constructor(options?: ProcessOptions<R, A>) {
    checkedOptions(options, OPTIONS, "Process");
    super(options);
  }

  /**
   * Starts the thread.
   *
   * Python: `multiprocessing.dummy.DummyProcess.start`
   *
   * @throws {RuntimeError} It was started before.
   * @throws {NotShippableError} The target uses what it cannot take along.
   * @throws {SendError} An argument cannot be sent.
   */
  override start(): void {
    super.start();
    children().add(this);
  }

  /** @internal */
  protected override giving(): Giving {
    return asTarget("Process");
  }

  /**
   * 0 once the thread has ended, whatever has ended it; undefined before.
   *
   * Python: `multiprocessing.dummy.DummyProcess.exitcode`
   */
  get exitcode(): number | undefined {
    return this.ident !== undefined && !this.isAlive() ? 0 : undefined;
  }
}

/**
 * The processes of this kind that the calling thread has started and that have not ended.
 *
 * Python: `multiprocessing.dummy.active_children`
 *
 * @example
 * ```ts
 * import { activeChildren, Process } from "heddle/multiprocessing/dummy";
 *
 * const child = new Process({ target: () => 42 });
 * child.start();
 * await child.join();
 * console.log(activeChildren().includes(child)); // false
 * ```
 */
export function activeChildren(): Process[] {
  for (const child of children()) if (!child.isAlive()) children().delete(child);
  return [...children()];
}
