/** The scenario does what the explorer cannot follow. It ends the exploration, and is not a bug of the subject. */
export class NotExplorable extends Error {
  override name = "NotExplorable";

  constructor(reason: string) {
    super(`Cannot explore the scenario: ${reason}`);
  }
}
