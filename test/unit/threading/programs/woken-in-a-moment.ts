/**
 * A timer of the main thread wakes the only other thread in a moment in which the event loop may
 * run dry; prints whether that moment goes on, and what the thread returns.
 */
import process from "node:process";
import { Event, Thread } from "heddle/threading";
import { agentPump } from "../../../../build/src/waiting/pump.js";

export function waitFor(event: Event): boolean {
  return event.waitSync();
}

async function main(): Promise<void> {
  const event = new Event();
  const thread = new Thread({ target: waitFor, args: [event] });
  thread.start();
  const timer = setInterval(() => {
    if (!agentPump().isLooking) return;
    clearInterval(timer);
    event.set();
    console.log(agentPump().isLooking);
  }, 1);
  console.log(await thread);
  process.exit();
}

if (process.argv[2] === "main") void main(); // no top-level await: Deno and Bun then say when nothing is left
