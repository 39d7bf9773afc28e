/** What a process that heddle starts finds on its command line, after the module that it runs. */

/** Marks the command line. */
const MARK = "--heddle-child";

export interface ChildArguments {
  /** The URL of the module that the program was started with. */
  readonly entry: string | undefined;
  /** Where the parent accepts connections that live as long as it does. */
  readonly lifeline: string;
}

export function writeChildArguments(given: ChildArguments): string[] {
  return [MARK, JSON.stringify(given)];
}

/** Those of this process; undefined where it is not such a child. */
export function childArguments(): ChildArguments | undefined {
  const [, , mark, given] = process.argv;
  return mark === MARK && given !== undefined ? (JSON.parse(given) as ChildArguments) : undefined;
}

/** Why no child can be started in a program that was compiled into one executable: it would be the program. */
export const NO_RUNTIME =
  "the program and its runtime are one executable, which cannot run another module";
