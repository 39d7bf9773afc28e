/**
 * The text of a slice: a module's text in which all is blank but what is kept, so that lines
 * and columns stay what they are.
 */
import type { ModuleTree } from "../syntax/module-tree.ts";

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Columns are kept up to here: a minified program is one line of a million columns. */
const MOST_BLANKS = 1000;

export class Canvas {
  readonly #tree: ModuleTree;
  readonly #kept: { readonly start: number; readonly end: number }[] = [];
  readonly #before: Insertion[] = [];
  readonly #after: Insertion[] = [];

  constructor(tree: ModuleTree) {
    this.#tree = tree;
  }

  /** Keeps a part of the text, and writes something before and after it. */
  keep(start: number, end: number, before = "", after = ""): void {
    this.#kept.push({ start, end });
    if (before !== "") this.#before.push({ at: start, text: before });
    if (after !== "") this.#after.push({ at: end, text: after });
  }

  /** What is kept, with `head` in front on the first line. */
  finish(head: string, tail: string): string {
    let written = "";
    let position = 0;
    for (const { start, end } of this.#kept.sort((a, b) => a.start - b.start)) {
      if (start < position) continue; // inside another part
      let gap = this.#blank(position, start);
      for (const { at, text } of this.#before) {
        if (at !== start) continue;
        // Takes the place of the blanks before it, so that columns stay.
        const room = Math.min(/ *$/.exec(gap)?.[0].length ?? 0, text.length);
        gap = gap.slice(0, gap.length - room) + text;
      }
      written += gap + this.#tree.text.slice(start, end);
      for (const { at, text } of this.#after) if (at === end) written += text;
      position = end;
    }
    return `${head}${written}${tail}\n`;
  }

  /** Line ends for those of a part of the text, and blanks for what stands after the last of them. */
  #blank(start: number, end: number): string {
    const [before, until] = [start, end].map((at) => this.#lineAt(at)) as [number, number];
    const columns = end - Math.max(start, this.#tree.lineStarts[until] ?? 0);
    return "\n".repeat(until - before) + " ".repeat(columns > MOST_BLANKS ? 0 : columns);
  }

  /** The number of the line, counted from 0, that holds the position. */
  #lineAt(position: number): number {
    let [low, high] = [0, this.#tree.lineStarts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#tree.lineStarts[middle] as number) <= position) low = middle;
      else high = middle;
    }
    return low;
  }
}
