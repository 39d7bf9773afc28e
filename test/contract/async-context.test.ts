import { ASYNCIO } from "./async-context-asyncio.ts";
import { asyncContextContract } from "./async-context-contract.ts";
import { FUTURES } from "./async-context-futures.ts";

asyncContextContract("concurrent.futures", FUTURES);
asyncContextContract("asyncio", ASYNCIO);
