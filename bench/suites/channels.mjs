/** Pipes and queues between two processes. */

import { primitiveCase } from "./primitive-case.mjs";

export const title = "Channels between processes";

export const isForThoseWhoNameIt = true;

/** Each with what is asked at once, and whether it is a rate. */
const CASES = [
  ["pipe", "a message through a Pipe and its answer, promises (a round trip)", 400, false],
  ["pipeSync", "a message through a Pipe and its answer, blocking (a round trip)", 400, false],
  ["send", "messages through a Pipe in one direction, promises (a message)", 20_000, true],
  ["sendSync", "messages through a Pipe in one direction, blocking (a message)", 20_000, true],
  ["queue", "items through a Queue without a limit, promises (an item)", 20_000, true],
  ["queueSync", "items through a Queue without a limit, blocking (an item)", 20_000, true],
  ["large", "10 MiB through a Pipe and back, as a value (a round trip)", 4, false],
  ["largeBytes", "10 MiB through a Pipe and back, as bytes (a round trip)", 4, false],
];

export const cases = CASES.map(([name, caseTitle, count, isRate]) => ({
  ...primitiveCase(name, caseTitle, count, isRate),
  reference: "heddle-channels",
}));
