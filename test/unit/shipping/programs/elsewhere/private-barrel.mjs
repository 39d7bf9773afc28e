export { keep } from "./private.mjs";
export * from "./private.mjs";
