import { later } from "./attacks-circle-2.mjs";
export const first = (n) => n + 1;
export const second = (n) => later(n) * 2;
