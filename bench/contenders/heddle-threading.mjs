/** heddle's threading, imported and no more. */

export const load = () => import("../../dist/threading/index.js");
