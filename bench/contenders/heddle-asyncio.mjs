/** heddle's asyncio, imported and no more. */

export const load = () => import("../../dist/asyncio/index.js");
