/** The child of fork.mjs: makes the call that it gets. */

import * as tasks from "../../tasks.mjs";

const functions = { ...tasks };

process.on("message", ([id, task, argument]) => process.send([id, functions[task](argument)]));
