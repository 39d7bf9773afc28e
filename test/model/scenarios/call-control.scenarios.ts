/**
 * A worker that has been sent three calls, and a controller that asks the second to stop and takes it.
 * The controller is the class, or the function that a thread without modules has.
 */
import assert from "node:assert/strict";
import {
  type AgentContext,
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { CallControl, CONTROLLER_TEXT } from "../../../build/src/memory/call-control.js";

const CALLS = 3;
const TARGET = 1;
const memory = { control: CallControl.bytes / 4 };

type Names = keyof typeof memory;

/** What is noted of a call. */
const RUN = 10;
const SKIPPED = 20;
const LEFT = 30;
/** What is noted of the target. */
const ANSWERS = ["skipped", "running", "over"];
const ANSWERED = 40;
const ENDED = 50;

const worker: Body<Names> = ({ control: words }, { note }) => {
  const control = new CallControl(words);
  for (let n = 0; n < CALLS; n++) {
    control.begin(n);
    note((control.isAsked(n) ? SKIPPED : RUN) + n);
    if (!control.finish(n)) return note(LEFT + n);
  }
};

type Control = (verb: "a" | "e") => string;

function controller(of: (shared: Shared<Names>) => Control): Body<Names> {
  return (shared, { note }: AgentContext) => {
    const control = of(shared);
    note(ANSWERED + ANSWERS.indexOf(control("a")));
    if (control("e") === "ended") note(ENDED);
  };
}

const byClass = controller(({ control: words }) => {
  const control = new CallControl(words);
  return (verb) => (verb === "a" ? control.ask(TARGET) : control.end(TARGET) ? "ended" : "over");
});

const byText = controller(({ control: words }) => {
  // oxlint-disable-next-line no-eval -- as that thread does
  const control = (0, eval)(CONTROLLER_TEXT) as (
    words: Int32Array,
    verb: string,
    n: number,
  ) => string;
  return (verb) => control(words, verb, TARGET);
});

function isConsistent(_shared: Shared<Names>, { notes, dead }: Outcome): void {
  const has = (value: number): boolean => notes.some((noted) => noted.value === value);
  const answer = ANSWERS.find((_, index) => has(ANSWERED + index));
  const isEnded = has(ENDED);
  if (answer === "skipped") assert.ok(!has(RUN + TARGET), "a call ran that was to be skipped");
  if (answer === "over") assert.ok(!isEnded, "a call was taken that was over");
  if (isEnded) {
    assert.ok(!has(RUN + TARGET + 1), "a call was begun after another one was taken");
    if (dead.length === 0) assert.ok(has(LEFT + TARGET), "a worker went on");
  } else if (dead.length === 0) {
    assert.ok(!has(LEFT + TARGET), "a worker stopped for nothing");
    assert.ok(has(RUN + TARGET + 1), "a call was not begun");
  }
}

export const asksAndTakes: Scenario<Names> = scenario(import.meta.url, "asksAndTakes", {
  memory,
  agents: [worker, byClass],
  mortal: [0],
  check: isConsistent,
});

export const asksAndTakesByText: Scenario<Names> = scenario(import.meta.url, "asksAndTakesByText", {
  memory,
  agents: [worker, byText],
  mortal: [0],
  check: isConsistent,
});
