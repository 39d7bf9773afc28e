/**
 * The text of a slice: a module's text in which all is blank but what is kept, so that lines
 * and columns stay what they are.
 */
interface Insertion {
  readonly at: number;
  readonly text: string;
}

export class Canvas {
  readonly #text: string;
  readonly #kept: { readonly start: number; readonly end: number }[] = [];
  readonly #before: Insertion[] = [];
  readonly #after: Insertion[] = [];

  constructor(text: string) {
    this.#text = text;
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
      let gap = blank(this.#text.slice(position, start));
      for (const { at, text } of this.#before) {
        if (at !== start) continue;
        // Takes the place of the blanks before it, so that columns stay.
        const room = Math.min(/ *$/.exec(gap)?.[0].length ?? 0, text.length);
        gap = gap.slice(0, gap.length - room) + text;
      }
      written += gap + this.#text.slice(start, end);
      for (const { at, text } of this.#after) if (at === end) written += text;
      position = end;
    }
    return `${head}${written}${tail}\n`;
  }
}

/** Columns are kept up to here: a minified program is one line of a million columns. */
const MOST_BLANKS = 1000;

/** The line ends of a text, and blanks for what stands after the last of them. */
function blank(text: string): string {
  const lineEnds = text.match(/\r\n|[\n\r\u2028\u2029]/g) ?? [];
  const columns = /[^\n\r\u2028\u2029]*$/.exec(text.slice(-MOST_BLANKS - 1))?.[0].length ?? 0;
  return lineEnds.join("") + " ".repeat(columns > MOST_BLANKS ? 0 : columns);
}
