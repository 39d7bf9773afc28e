/** Calls that note in a file that they have begun: processes share no memory. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Executor, Future } from "heddle/concurrent/futures";

export async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 3));
}

export interface Submitted {
  readonly future: Future<unknown>;
  readonly n: number;
}

/** Numbers calls, and knows which have begun. */
export class CallNotes {
  readonly #folder = mkdtempSync(join(tmpdir(), "heddle-"));
  readonly file = join(this.#folder, "notes");
  #count = 0;

  next(): number {
    return this.#count++;
  }

  begun(): number[] {
    if (!existsSync(this.file)) return [];
    const lines = readFileSync(this.file, "utf8").split("\n");
    return lines.filter((line) => line !== "").map(Number);
  }

  async untilBegun(n: number): Promise<void> {
    while (!this.begun().includes(n)) await turn();
  }

  submit(pool: Executor, fn: (file: string, n: number) => unknown): Submitted {
    const n = this.next();
    return { future: pool.submit(fn, this.file, n), n };
  }

  /** Submits a call, and resolves once it has begun. */
  async begin(pool: Executor, fn: (file: string, n: number) => unknown): Promise<Submitted> {
    const submitted = this.submit(pool, fn);
    await this.untilBegun(submitted.n);
    return submitted;
  }

  /** Ends a call that ignores requests, where it runs on. */
  endIgnoring(n: number): void {
    rmSync(`${this.file}-${n}`, { force: true });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
