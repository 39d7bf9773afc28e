/** The dedicated worker of workerpool. */

import workerpool from "workerpool";

import * as tasks from "../../tasks.mjs";

const echoMoved = (bytes) => new workerpool.Transfer(bytes, [bytes.buffer]);

workerpool.worker({ ...tasks, echoMoved });
