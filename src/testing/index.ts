/// <reference lib="esnext.disposable" preserve="true" />
/** Testing programs that run in several threads. Python: none */
export { assertExplored } from "./assert-explored.ts";
export { explore } from "./explorer/explore.ts";
export type { ExploreOptions, Prelude } from "./explorer/explore-options.ts";
export type { Failure, FailureKind, Report } from "./explorer/report.ts";
export {
  type AgentContext,
  type Body,
  type Note,
  type Outcome,
  type Scenario,
  scenario,
  type ScenarioParts,
  type Shared,
} from "./explorer/scenario.ts";
export { FakeClock, type FakeClockOptions } from "./fake-clock.ts";
export { Sequencer, type StepOptions } from "./sequencer.ts";
export type { Step } from "./step.ts";
export { VirtualClock, type VirtualClockOptions } from "./virtual-clock.ts";
export { untilBlocked, type UntilBlockedOptions } from "./until-blocked.ts";
