/** What a process that heddle starts finds on its command line, after the module that it runs. */

/** Marks the command line. */
const MARK = "--heddle-child";

/** Who a process is among those that heddle has started. */
export interface ChildIdentity {
  readonly name: string;
  /** Its number among the children of its parent, after the numbers of those above it. */
  readonly path: readonly number[];
  readonly daemon: boolean;
}

export interface ChildArguments extends ChildIdentity {
  readonly parent: { readonly name: string; readonly pid: number };
  readonly ignoresInterrupts: boolean;
  /** The URL of the module that the program was started with. */
  readonly entry: string | undefined;
  /** Where the parent accepts connections that live as long as it does. */
  readonly lifeline: string;
  /** By which the parent knows whose connection it is. */
  readonly token: string;
}

export function writeChildArguments(given: ChildArguments): string[] {
  return [MARK, JSON.stringify(given)];
}

/** The name of the process that heddle has not started. */
export const MAIN_PROCESS = "MainProcess";

/** Where the lifelines' socket is: a command line cannot hold the NUL with which such a name begins. */
export function socketPath(lifeline: string): string {
  return lifeline.replace(/^@/, "\0");
}

/** Those of this process; undefined where it is not such a child. The same in all its threads. */
export function childArguments(): ChildArguments | undefined {
  const [, , mark, given] = process.argv;
  return mark === MARK && given !== undefined ? (JSON.parse(given) as ChildArguments) : undefined;
}

/** Why no child can be started in a program that was compiled into one executable: it would be the program. */
export const NO_RUNTIME =
  "the program and its runtime are one executable, which cannot run another module";

/** This process's; undefined in a page. */
export function processId(): number | undefined {
  return (globalThis as { process?: { pid?: number } }).process?.pid;
}

/** This thread's environment, which on all runtimes is its own; undefined where it may not be read. */
export function threadEnvironment(): Record<string, string> | undefined {
  try {
    return Object.assign({}, process.env) as Record<string, string>;
  } catch {
    return undefined; // Deno without the permission: a child then gets that of the process
  }
}
