/** The calls on the stack, with their places. */
import { withoutSlice } from "../../base/slice-urls.ts";
import { type ModulePlace, moduleUrl, stackAs } from "./caller.ts";

/**
 * The calls on the stack that stand in modules, innermost first: as `callerUrls` has them.
 *
 * @param depth Frames to look at, heddle's own among them. Default: as many as may be needed.
 */
export function callPlaces(depth?: number): ModulePlace[] {
  const stack = stackAs(placesOf, depth);
  return Array.isArray(stack) ? (stack as ModulePlace[]) : [];
}

function placesOf(_error: Error, sites: readonly NodeJS.CallSite[]): ModulePlace[] {
  const places: ModulePlace[] = [];
  for (const site of sites) {
    const name = site.getScriptNameOrSourceURL() as string | null | undefined;
    const url = name ? moduleUrl(name) : undefined;
    if (url === undefined) continue;
    const [line, column] = [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1];
    places.push({ url: withoutSlice(url), line, column });
  }
  return places;
}
