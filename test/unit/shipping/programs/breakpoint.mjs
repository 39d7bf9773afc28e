/** Stops a function of this file in a worker, by a breakpoint in the file, and prints where, and what it sees. */
import { Session } from "node:inspector";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const FACTOR = Math.abs(3);
function scaled(n) {
  const by = FACTOR;
  return n * by;
}
const LINE = 8;

const session = new Session();
session.connect();
let count = 0;
const scripts = new Map();
const ask = (sessionId, method, params = {}) => {
  const message = JSON.stringify({ id: ++count, method, params });
  session.post("NodeWorker.sendMessageToWorker", { sessionId, message });
};
session.on("NodeWorker.attachedToWorker", ({ params: { sessionId } }) => {
  ask(sessionId, "Debugger.enable");
  const file = import.meta.url.replaceAll(/[.?+]/g, "\\$&");
  ask(sessionId, "Debugger.setBreakpointByUrl", {
    urlRegex: `^${file}(?:$|\\?)`,
    lineNumber: LINE - 1,
  });
  ask(sessionId, "Runtime.runIfWaitingForDebugger");
});
session.on("NodeWorker.receivedMessageFromWorker", ({ params: { sessionId, message } }) => {
  const { method, params } = JSON.parse(message);
  if (method === "Debugger.scriptParsed") scripts.set(params.scriptId, params.url);
  if (method !== "Debugger.paused") return;
  const [{ functionName, location }] = params.callFrames;
  if (params.hitBreakpoints.length > 0) {
    const file = scripts.get(location.scriptId).replace(/^.*\/|\?.*$/g, "");
    console.log(`${functionName} ${file}:${location.lineNumber + 1}`);
  }
  ask(sessionId, "Debugger.resume");
});
session.post("NodeWorker.enable", { waitForDebuggerOnStart: true });

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
console.log(await pool.submit(scaled, 2));
session.post("NodeWorker.disable");
session.disconnect();
await pool.shutdown();
