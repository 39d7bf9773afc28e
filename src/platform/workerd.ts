import { limitedPlatform, limitedServer } from "./limited.ts";
import type { Platform, Server } from "./platform.ts";

/** The runtime of Cloudflare Workers. */
export const platform: Platform = /* @__PURE__ */ limitedPlatform("workerd", "workerd");

export const server: Server = /* @__PURE__ */ limitedServer("workerd", "workerd");
