import { limitedPlatform } from "./limited.ts";
import type { Platform } from "./platform.ts";

/** The runtime of Cloudflare Workers. */
export const platform: Platform = /* @__PURE__ */ limitedPlatform("workerd", "workerd");
