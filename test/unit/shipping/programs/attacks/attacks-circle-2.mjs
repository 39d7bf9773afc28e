import { first } from "./attacks-circle.mjs";
export const later = (n) => first(n) + 10;
export * from "./attacks-lib.mjs";
export { default as Again } from "./attacks-lib.mjs";
