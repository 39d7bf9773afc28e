/**
 * Async functions as people write them, of which a part is cancelled at some moment, and what
 * must come of that: a reference that knows where the function is at every time.
 *
 * All steps take whole milliseconds of a virtual clock; the cancellation comes half a
 * millisecond later. A step that is completed is logged, with the time.
 */
import * as fc from "fast-check";
import { CancelledError } from "heddle";
import {
  createTask,
  getRunningLoop,
  Lock,
  sleep,
  TaskGroup,
  taskGroup,
  timeout,
} from "heddle/asyncio";
import type { VirtualClock } from "heddle/testing";

/** Something that `Promise.race` and the like are given. */
export interface Member {
  /** An operation of heddle's, an async function that awaits one, or a promise that is not heddle's. */
  readonly kind: "sleep" | "nap" | "foreign";
  readonly ms: number;
}

export type Step =
  | Member
  | { readonly kind: "all" | "allSettled"; readonly members: readonly Member[] }
  /** What is first is a foreign promise, or heddle's; the other is left behind. */
  | { readonly kind: "race"; readonly first: Member; readonly left: Member["kind"] }
  /** A call that is not awaited, and what it does when it is cancelled. */
  | { readonly kind: "detach"; readonly cleanup: readonly Member[] }
  | { readonly kind: "lock" | "limit" | "group" | "call"; readonly body: readonly Step[] }
  | {
      readonly kind: "finally" | "catch";
      readonly body: readonly Step[];
      readonly cleanup: readonly Step[];
    };

/** What is cancelled: the whole task, a time limit in it, or a group. */
export type Scope = "task" | "limit" | "group";

export interface CancelledProgram {
  readonly scope: Scope;
  readonly atMs: number;
  readonly steps: readonly Step[];
}

const LONG_MS = 1000;

const ms = fc.integer({ min: 1, max: 5 });
const heddles = fc.record({ kind: fc.constantFrom("sleep", "nap"), ms }) as fc.Arbitrary<Member>;
const foreign = fc.record({ kind: fc.constant("foreign"), ms }) as fc.Arbitrary<Member>;
const member = fc.oneof(heddles, foreign);

/**
 * @param tellsWhoAwaits Whether the engine does: otherwise what cleans up begins with a wait of
 *   heddle's, and nothing swallows errors as Promise.allSettled does, or is left behind and waits.
 */
export function cancelledPrograms(tellsWhoAwaits: boolean): fc.Arbitrary<CancelledProgram> {
  const cleanup = tellsWhoAwaits
    ? fc.array(member, { maxLength: 3 })
    : fc
        .tuple(heddles, fc.array(member, { maxLength: 2 }))
        .map(([first, others]) => [first, ...others]);
  const { step } = fc.letrec<{ step: Step; steps: Step[] }>((tie) => ({
    step: fc.oneof(
      { depthSize: "small" },
      { weight: 3, arbitrary: member },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constantFrom(
            ...(tellsWhoAwaits ? (["all", "allSettled"] as const) : (["all"] as const)),
          ),
          members: fc.array(member, { minLength: 1, maxLength: 3 }),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant("race" as const),
          first: member,
          left: fc.constantFrom<Member["kind"]>("sleep", "nap", "foreign"),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constantFrom(
            "lock" as const,
            "limit" as const,
            "group" as const,
            "call" as const,
          ),
          body: tie("steps"),
        }),
      },
      {
        weight: tellsWhoAwaits ? 2 : 0,
        arbitrary: fc.record({
          kind: fc.constant("detach" as const),
          cleanup: fc.array(member, { minLength: 1, maxLength: 3 }),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constantFrom("finally" as const, "catch" as const),
          body: tie("steps"),
          cleanup,
        }),
      },
    ),
    steps: fc.array(tie("step"), { minLength: 1, maxLength: 4 }),
  }));
  return fc.record({
    scope: fc.constantFrom<Scope>("task", "limit", "group"),
    atMs: fc.nat(14).map((n) => n + 0.5),
    steps: fc.array(step, { minLength: 1, maxLength: 4 }),
  });
}

async function nap(napMs: number): Promise<void> {
  await sleep(napMs);
}

async function settleAfter(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    getRunningLoop().callLater(delayMs, resolve);
  });
}

function begin(kind: Member["kind"], delayMs: number): PromiseLike<void> {
  if (kind === "sleep") return sleep(delayMs);
  return kind === "nap" ? nap(delayMs) : settleAfter(delayMs);
}

async function detached(cleanup: readonly Member[]): Promise<void> {
  try {
    await nap(LONG_MS);
  } finally {
    for (const each of cleanup) await begin(each.kind, each.ms);
  }
}

/** Runs a program; returns its log, and what became of what was cancelled. */
export async function runCancelled(
  { scope, atMs, steps }: CancelledProgram,
  clock: VirtualClock,
): Promise<string[]> {
  const log: string[] = [];
  const note = (what: string): void => void log.push(`${clock.time()} ${what}`);

  async function runAll(all: readonly Step[]): Promise<void> {
    for (const step of all) {
      await runStep(step);
      note(step.kind);
    }
  }

  async function runStep(step: Step): Promise<unknown> {
    switch (step.kind) {
      case "all":
        return Promise.all(step.members.map((each) => begin(each.kind, each.ms)));
      case "allSettled":
        return Promise.allSettled(step.members.map((each) => begin(each.kind, each.ms)));
      case "race":
        return Promise.race([begin(step.left, LONG_MS), begin(step.first.kind, step.first.ms)]);
      case "detach":
        return void detached(step.cleanup).catch(() => undefined);
      case "lock":
        return new Lock().with(async () => runAll(step.body));
      case "limit":
        return timeout(LONG_MS, async () => runAll(step.body));
      case "group":
        return taskGroup(async () => runAll(step.body));
      case "call":
        return runAll(step.body);
      case "finally":
        try {
          return await runAll(step.body);
        } finally {
          await runAll(step.cleanup);
        }
      case "catch":
        try {
          return await runAll(step.body);
        } catch (error) {
          if (!(error instanceof CancelledError)) throw error;
          return runAll(step.cleanup);
        }
      default:
        return begin(step.kind, step.ms);
    }
  }

  const body = async (): Promise<void> => runAll(steps);
  const outcome = async (awaited: PromiseLike<unknown>): Promise<void> => {
    try {
      await awaited;
      note("ended");
    } catch (error) {
      note((error as Error).name);
    }
  };
  if (scope === "task") {
    const task = createTask(body);
    getRunningLoop().callLater(atMs, () => void task.cancel());
    await outcome(task);
    return log;
  }
  if (scope === "limit") await outcome(timeout(atMs, body));
  else {
    const group = new TaskGroup();
    const failing = async (): Promise<never> => {
      await sleep(atMs);
      throw new RangeError("broken");
    };
    await outcome(
      group.run(async () => {
        group.createTask(failing);
        await body();
      }),
    );
  }
  // Nothing is left of the request.
  await sleep(2);
  note("after");
  return log;
}

class Cancelled extends Error {}

/** Where the function is, at every time. */
class Reference {
  readonly log: string[] = [];
  readonly #atMs: number;
  #nowMs = 0;
  #isDelivered = false;

  constructor(atMs: number) {
    this.#atMs = atMs;
  }

  note(what: string): void {
    this.log.push(`${this.#nowMs} ${what}`);
  }

  get isDue(): boolean {
    return !this.#isDelivered && this.#nowMs > this.#atMs;
  }

  /** Whether the request comes while something of heddle's takes that many milliseconds. */
  #comesWithin(delayMs: number): boolean {
    return delayMs > 0 && !this.#isDelivered && this.#nowMs + delayMs > this.#atMs;
  }

  #deliver(): void {
    this.#isDelivered = true;
    this.#nowMs = Math.max(this.#nowMs, this.#atMs);
  }

  /** Waits for something of which a part, for so many milliseconds, is heddle's. */
  #wait(delayMs: number, heddlesMs: number): void {
    if (this.#comesWithin(heddlesMs)) {
      this.#deliver();
      throw new Cancelled();
    }
    this.#nowMs += delayMs;
  }

  runAll(steps: readonly Step[]): void {
    for (const step of steps) {
      this.#run(step);
      this.note(step.kind);
    }
  }

  #run(step: Step): void {
    switch (step.kind) {
      case "all":
        return this.#wait(longest(step.members), longest(step.members.filter(isHeddles)));
      case "allSettled":
        return this.#settleAll(step.members);
      case "race": {
        const delayMs = step.first.ms;
        const hasHeddles = isHeddles(step.first) || step.left !== "foreign";
        return this.#wait(delayMs, hasHeddles ? delayMs : 0);
      }
      case "detach":
        return;
      case "lock":
      case "limit":
      case "group":
      case "call":
        return this.runAll(step.body);
      case "finally":
        try {
          return this.runAll(step.body);
        } finally {
          this.runAll(step.cleanup);
        }
      case "catch":
        try {
          return this.runAll(step.body);
        } catch {
          return this.runAll(step.cleanup);
        }
      default:
        return this.#wait(step.ms, isHeddles(step) ? step.ms : 0);
    }
  }

  /** @param isOver Whether the steps have ended as if nothing had been, and nothing is due. */
  end(scope: Scope, isOver: boolean): void {
    // A group waits for the child that fails, however its body ends.
    if (scope === "group") this.#nowMs = Math.max(this.#nowMs, this.#atMs);
    this.note(isOver && scope !== "group" ? "ended" : OUTCOMES[scope]);
    if (scope === "task") return;
    this.#nowMs += 2;
    this.note("after");
  }

  /** Takes what is thrown into its members for a result. */
  #settleAll(members: readonly Member[]): void {
    const beganMs = this.#nowMs;
    let ends = members.map((each) => each.ms);
    const isStruck = this.#comesWithin(longest(members.filter(isHeddles)));
    if (isStruck && this.isDue) {
      // The first wait to begin: a call begins its own where it is made.
      const napping = members.findIndex(({ kind }) => kind === "nap");
      const first = napping >= 0 ? napping : members.findIndex(isHeddles);
      ends = ends.map((end, index) => (index === first ? 0 : end));
    } else if (isStruck) {
      const untilMs = this.#atMs - beganMs;
      ends = members.map((each) => (isHeddles(each) ? Math.min(each.ms, untilMs) : each.ms));
    }
    if (isStruck) this.#deliver();
    this.#nowMs = beganMs + Math.max(...ends);
  }
}

function isHeddles({ kind }: Member): boolean {
  return kind !== "foreign";
}

function longest(members: readonly Member[]): number {
  return Math.max(0, ...members.map((each) => each.ms));
}

const OUTCOMES = { task: "CancelledError", limit: "TimeoutError", group: "ExceptionGroup" };

/** What the log of the program must be. */
export function expectedLog({ scope, atMs, steps }: CancelledProgram): string[] {
  const reference = new Reference(atMs);
  let isOver = true;
  try {
    reference.runAll(steps);
    isOver = !reference.isDue;
  } catch {
    isOver = false;
  }
  reference.end(scope, isOver);
  return reference.log;
}
