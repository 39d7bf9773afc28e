/** Waits for what never happens. */
import { Future, run } from "heddle/asyncio";

void run(async () => new Future<void>()).catch((error: Error) => console.log(error.name));
