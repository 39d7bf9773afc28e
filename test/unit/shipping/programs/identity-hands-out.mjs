import * as lib from "./identity-lib.mjs";
export const handOut = () => [lib.twice, lib.listed[0], lib.shown];
export { ask } from "./identity-lib.mjs";
