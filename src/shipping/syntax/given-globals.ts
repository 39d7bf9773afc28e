/** Globals that a program gives to its thread: no worker has them. */
import { isWorkerGlobal } from "../../platform/known-globals.ts";

const HOLDER = String.raw`\b(?:globalThis|global|self)[^\w$.;,=]*\??\.\s*`;
const ASSIGNED = String.raw`\s*(?:\?\?|\|\|)?=(?![=>])`;
const USES = new RegExp(`${HOLDER}([\\w$]+)`, "g");

/** The first of them that a part of a program uses by way of `globalThis`, if the source gives it one. */
export function givenGlobalIn(part: string, source: string): string | undefined {
  for (const [, name = ""] of part.matchAll(USES)) {
    if (isWorkerGlobal(name)) continue;
    const given = new RegExp(`${HOLDER}${name.replaceAll("$", "\\$")}${ASSIGNED}`);
    if (given.test(source)) return name;
  }
  return undefined;
}
