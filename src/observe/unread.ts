/**
 * Things of which the program should have learned and did not: a future that failed and was
 * never asked about, an operation that was made and never waited for.
 *
 * Each is a note beside its subject. A note that is still there when its subject has been
 * collected, or when the program ends, is reported, once.
 */
import { platform } from "#platform";

/** The notes of one kind. */
export class Unread<N extends object> {
  readonly #report: (note: N) => void;
  readonly #atExit: () => void;
  readonly #notes = new Set<N>();
  #collected: FinalizationRegistry<N> | undefined;

  /**
   * @param report Reports one note. Called from a finalizer, or while the agent ends.
   * @param atExit Called at the end of the program, after the last report.
   */
  constructor(report: (note: N) => void, atExit: () => void = () => {}) {
    this.#report = report;
    this.#atExit = atExit;
  }

  /** @param note Must not hold the subject, which could then never be collected. */
  add(subject: object, note: N): void {
    if (this.#collected === undefined) {
      this.#collected = new FinalizationRegistry((unread) => this.#reportOnce(unread));
      platform.onExit(() => {
        for (const unread of this.#notes) this.#reportOnce(unread);
        this.#atExit();
      });
    }
    this.#notes.add(note);
    this.#collected.register(subject, note, note);
  }

  /** The program has learned of it. */
  markRead(note: N): void {
    if (this.#notes.delete(note)) this.#collected?.unregister(note);
  }

  #reportOnce(note: N): void {
    if (this.#notes.delete(note)) this.#report(note);
  }
}
