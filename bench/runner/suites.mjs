/** Every suite, in the order in which they run. */

import * as asyncio from "../suites/asyncio.mjs";
import * as asyncioMemory from "../suites/asyncio-memory.mjs";
import * as burst from "../suites/burst.mjs";
import * as channels from "../suites/channels.mjs";
import * as firstSubmit from "../suites/first-submit.mjs";
import * as latency from "../suites/latency.mjs";
import * as map from "../suites/map.mjs";
import * as memory from "../suites/memory.mjs";
import * as payload from "../suites/payload.mjs";
import * as processes from "../suites/processes.mjs";
import * as processStartup from "../suites/process-startup.mjs";
import * as queue from "../suites/queue.mjs";
import * as scaling from "../suites/scaling.mjs";
import * as startup from "../suites/startup.mjs";
import * as sync from "../suites/sync.mjs";
import * as waiting from "../suites/waiting.mjs";

/** @type {Readonly<Record<string, import("../suites/suite.mjs").Suite>>} */
export const SUITES = {
  latency,
  waiting,
  burst,
  map,
  payload,
  scaling,
  sync,
  queue,
  startup,
  "first-submit": firstSubmit,
  memory,
  processes,
  "process-startup": processStartup,
  channels,
  asyncio,
  "asyncio-memory": asyncioMemory,
};
