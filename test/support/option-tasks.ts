/** Functions of calls that are given options. */
import { ContextVar } from "heddle/contextvars";

export const tenant = new ContextVar<string>("tenant of the options' tests", { default: "none" });

export function whoseCall(): string {
  return tenant.get();
}

export function lengthOf(bytes: Uint8Array): number {
  return bytes.byteLength;
}
