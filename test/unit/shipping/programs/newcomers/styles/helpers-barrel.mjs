export { default } from "./helpers-all.mjs";
export * from "./helpers-lists.mjs";
export { split as words } from "./helpers-text.mjs";
