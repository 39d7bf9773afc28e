/** Channels for tests that send nothing anywhere. */
import {
  type Channel,
  type ClassReference,
  type LoadClass,
  type LocateClass,
  reports,
} from "../../build/src/wire/channel.js";
import { describeInstance } from "../../build/src/shipping/instances.js";

export type { ClassReference };

/** One that finds classes in these ways; without, it finds none. */
export function channelOf(
  locate: LocateClass = () => undefined,
  load: LoadClass = () => undefined,
): Channel {
  return reports({ locate, load, describe: (instance) => describeInstance(instance, locate) });
}
