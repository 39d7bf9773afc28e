/**
 * Plants a bug: changes the text of a subject's file as the agents load it, to see
 * that a scenario can fail. The files themselves stay as they are.
 */
import { registerHooks } from "node:module";

export interface Edit {
  /** How the URL of the file ends: `/memory/ring.js`. */
  readonly file: string;
  /** Text that occurs in the file exactly once. White space counts as one space. */
  readonly replace: string;
  readonly by: string;
}

/** Called in each agent before it loads the scenario: edits every module loaded from then on. */
export function prelude(edits: readonly Edit[]): void {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const concerned = edits.filter(({ file }) => url.endsWith(file));
      if (concerned.length === 0) return loaded;
      return { ...loaded, source: concerned.reduce(edited, textOf(loaded.source)) };
    },
  });
}

function textOf(source: unknown): string {
  return typeof source === "string" ? source : new TextDecoder().decode(source as Uint8Array);
}

function edited(text: string, { file, replace, by }: Edit): string {
  const pattern = new RegExp(
    replace
      .trim()
      .split(/\s+/)
      .map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
      .join("\\s+"),
    "g",
  );
  const found = text.match(pattern)?.length ?? 0;
  if (found !== 1)
    throw new Error(`Cannot edit "${file}": "${replace}" occurs ${found} times in it`);
  return text.replace(pattern, () => by);
}
