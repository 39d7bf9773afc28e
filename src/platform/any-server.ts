/** The platform of the server that runs this, whichever it is: workers start with one file on all of them. */
import { platform as bun } from "./bun.ts";
import { platform as deno } from "./deno.ts";
import { platform as node } from "./node.ts";
import type { Platform } from "./platform.ts";

function current(): Platform {
  if ("Deno" in globalThis) return deno;
  return "Bun" in globalThis ? bun : node;
}

export const platform: Platform = current();
