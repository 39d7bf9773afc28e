import { platform } from "#platform";

/** Prints an error that a user's callback threw, where nobody can catch it. */
export function reportError(what: string, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  platform.errorStream.write(`${what}\n${text}\n`);
}
