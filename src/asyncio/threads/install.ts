/**
 * Lets loops use threads. The entry of asyncio imports this for that effect alone.
 *
 * It is deliberately not among the modules with side effects in package.json. Where modules
 * are loaded as they are, this one is loaded; a bundler leaves it out, and with it all of
 * this folder, unless the program uses something else of the folder. A call in the entry
 * that is marked as pure would not do: Bun drops such a call when it runs the file, too.
 */
import { installThreads } from "./support.ts";

installThreads();
