/** Something is wrong with the command line. The program prints the message, and no stack. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
