/** Imported for its effect, in the main thread and in workers. */
import { isMainThread } from "heddle";

if (isMainThread) console.log("set up");
