/** What Python keeps in a module of its own. Python: `asyncio.subprocess` */
export { Process } from "./process.ts";
export { DEVNULL, PIPE, STDOUT } from "./stdio.ts";
