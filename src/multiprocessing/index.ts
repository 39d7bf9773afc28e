export {
  cpuCount,
  freezeSupport,
  getAllStartMethods,
  getContext,
  getStartMethod,
  setStartMethod,
  SpawnContext,
} from "./context.ts";
export { activeChildren, currentProcess, parentProcess, Process } from "./process.ts";
export type { ProcessOptions } from "./process-options.ts";
