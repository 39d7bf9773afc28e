import { limitedPlatform } from "./limited.ts";
import type { Platform } from "./platform.ts";

export const platform: Platform = /* @__PURE__ */ limitedPlatform("browser", "browsers");
