import { asyncContextContract } from "./async-context-contract.ts";
import { FUTURES } from "./async-context-futures.ts";

asyncContextContract({ ...FUTURES });
