/** From nothing to a first result of a process: in a new program each time. */

import { cases as startupCases } from "./startup.mjs";

export const title = "Start-up of processes";

export const isFresh = true;

export const isForThoseWhoNameIt = true;

export const cases = startupCases.filter(({ name }) => name === "first result");
