/** The calls on the stack, with their places. */
import { withoutSlice } from "../../base/slice-urls.ts";
import { type ModulePlace, moduleUrl, stackAs } from "./caller.ts";

/** A call on the stack. */
export interface CallPlace extends ModulePlace {
  /** Which of the stack's frames it is, heddle's own among them, counted from 1. */
  readonly frame: number;
}

/**
 * The calls on the stack that stand in modules, innermost first: as `callerUrls` has them.
 *
 * @param depth Frames to look at, heddle's own among them. Default: as many as may be needed.
 */
export function callPlaces(depth?: number): CallPlace[] {
  const stack = stackAs(placesOf, depth);
  return Array.isArray(stack) ? (stack as CallPlace[]) : [];
}

function placesOf(_error: Error, sites: readonly NodeJS.CallSite[]): CallPlace[] {
  const places: CallPlace[] = [];
  let frame = 0;
  for (const site of sites) {
    frame += 1;
    const name = site.getScriptNameOrSourceURL() as string | null | undefined;
    const url = name ? moduleUrl(name) : undefined;
    if (url === undefined) continue;
    const [line, column] = [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1];
    places.push({ url: withoutSlice(url), line, column, frame });
  }
  return places;
}
