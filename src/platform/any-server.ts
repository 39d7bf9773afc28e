/** The platform of the server that runs this, whichever it is: workers start with one file on all of them. */
import { platform as bun } from "./bun.ts";
import { platform as deno } from "./deno.ts";
import { platform as node } from "./node.ts";
import type { Server, ServerPlatform } from "./platform.ts";

function current(): ServerPlatform {
  // Not by their globals: programs on Node imitate these.
  const { versions } = process;
  if (versions["deno"] !== undefined) return deno;
  return versions["bun"] === undefined ? node : bun;
}

export const platform: ServerPlatform = current();

export const server: Server = platform;
