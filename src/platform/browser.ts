import { limitedPlatform, limitedServer } from "./limited.ts";
import type { Platform, Server } from "./platform.ts";

export const platform: Platform = /* @__PURE__ */ limitedPlatform("browser", "browsers");

export const server: Server = /* @__PURE__ */ limitedServer("browser", "browsers");
