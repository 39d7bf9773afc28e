/** Channels for tests that send nothing anywhere. */
import { type Channel, type CodeReference, reports } from "../../build/src/wire/channel.js";
import { describeInstance } from "../../build/src/shipping/instances.js";

/** Where a test's class can be had. */
export interface ClassReference {
  readonly url: string;
  readonly exportName: string;
}

/** One that finds classes in these ways; without, it finds none. It finds no functions. */
export function channelOf(
  locate: (constructor: Function) => ClassReference | undefined = () => undefined,
  load: (reference: ClassReference) => unknown = () => undefined,
): Channel {
  const find = (constructor: Function): CodeReference | undefined => {
    const found = locate(constructor);
    return found && { kind: "module", ...found };
  };
  return reports({
    locate: find,
    load(reference) {
      const loaded = load(reference as CodeReference & ClassReference);
      return typeof loaded === "function" ? loaded : "the test does not have it";
    },
    loadLater: async () => undefined,
    isCopy: () => true,
    describeFunction: (fn) => `a function "${fn.name}"`,
    describe: (instance) =>
      describeInstance(instance, (Class) => find(Class) ?? "it is a class that no module exports"),
  });
}
