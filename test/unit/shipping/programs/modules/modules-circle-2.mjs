import { ping } from "./modules-circle.mjs";
export function pong(n) {
  return n === 0 ? "pong" : ping(n - 1);
}
