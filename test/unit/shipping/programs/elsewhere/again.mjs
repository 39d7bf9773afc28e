export { count as renamed, state as again } from "./counters.mjs";
export * from "./counters.mjs";
