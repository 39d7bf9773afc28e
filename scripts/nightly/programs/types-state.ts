/** State of a module that is imported: exported, and not. */
export let counted: number = 0;
let secret: number = 0;
export function bump(): number {
  return ++counted;
}
export function hidden(): number {
  return ++secret;
}
