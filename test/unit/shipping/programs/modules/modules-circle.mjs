import { FROM_MAIN } from "./modules.mjs";
import { pong } from "./modules-circle-2.mjs";
export const fromMain = () => FROM_MAIN;
export function ping(n) {
  return n === 0 ? "ping" : pong(n - 1);
}
