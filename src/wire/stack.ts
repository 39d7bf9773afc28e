/** Stacks as text, as every engine writes them: a line or more of message, then a frame a line. */

/** A frame ends in a position: `at f (file:///a.ts:1:2)` or `f@file:///a.ts:1:2`. */
const FRAME = /:\d+:\d+\)?$/;

/** The stack without the frames inside heddle, which say nothing about the user's program. */
export function withoutOwnFrames(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => !FRAME.test(line) || !isOwn(line))
    .join("\n");
}

/** Only the frames, and of these only the ones outside heddle. */
export function userFrames(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => FRAME.test(line) && !isOwn(line))
    .join("\n");
}

/** Whether a frame lies in heddle's built code, or in the source that a source map leads to. */
function isOwn(frame: string): boolean {
  const root = decodeURI(new URL("../../", import.meta.url).pathname);
  return frame.includes(`${root}dist/`) || frame.includes(`${root}src/`);
}
