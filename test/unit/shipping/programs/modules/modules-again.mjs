export { aliased as again } from "./modules-lib.mjs";
