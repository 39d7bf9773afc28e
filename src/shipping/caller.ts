import { server } from "#platform";
import { namesOwnFile } from "../base/own-files.ts";
import { withoutSlice } from "../base/slice-urls.ts";
import { withStackLimit } from "../base/text.ts";
import { fileUrl } from "./file-url.ts";

/** Frames to look at: enough to get out of heddle and through a user's own wrappers. */
const DEPTH = 64;

/**
 * The modules on the stack, innermost first, without heddle's own and without
 * what is not a file. A module is named by the URL of the file that really runs:
 * source maps, which may name another, are not consulted.
 *
 * Engines with proper tail calls forget a function that returns another's result
 * directly, so a module that only wraps a call may be missing.
 */
export function callerUrls(): string[] {
  return [...new Set(evaluatedUrls().map(withoutSlice))];
}

/**
 * The calls on the stack that stand in modules, innermost first: as {@link callerUrls}, with places.
 */
export function callPlaces(): ModulePlace[] {
  const places: ModulePlace[] = [];
  for (const { name, line, column } of stackFrames()) {
    const url = name === undefined ? undefined : moduleUrl(name);
    if (url !== undefined) places.push({ url: withoutSlice(url), line, column });
  }
  return places;
}

/** The same, but a part of a module that a worker evaluates has its own URL. */
export function evaluatedUrls(): string[] {
  const urls = new Set<string>();
  for (const name of frameFiles()) {
    const url = moduleUrl(name);
    if (url !== undefined) urls.add(url);
  }
  return [...urls];
}

/** The same files are on every stack. */
const moduleUrls = new Map<string, string | undefined>();

/** The URL of what the engine calls the file of a frame; undefined for what is not a module of the user's. */
function moduleUrl(name: string): string | undefined {
  if (!moduleUrls.has(name)) {
    // `[eval]`, `[stdin]`, or in a single executable `main.cjs`: a program that has no file
    const hasNoFile = /^(?:\[\w+\]|(?!\/)[^:<]+\.c?js)$/.test(name);
    const url = hasNoFile ? server.entryUrl() : fileUrl(name);
    const isModule = url !== undefined && /^(?:file|https?):/.test(url) && !namesOwnFile(url);
    if (hasNoFile) return isModule ? url : undefined; // the entry may not be known yet
    moduleUrls.set(name, isModule ? url : undefined);
  }
  return moduleUrls.get(name);
}

/** A place in a module. */
export interface ModulePlace {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** Where the module stands that is being evaluated now, as far as it is on the stack: its outermost place. */
export function evaluatedPlace(): ModulePlace | undefined {
  const stack = withStackLimit(DEPTH, rawStack);
  // A frame of a module's own code has no name: "at file:///a.js:1:2", "at module code (/a.js:1:2)".
  // Bun up to 1.4.3 leaves the first column out.
  const frames =
    /^\s*(?:at )?(?:async )?(?:(?:module code|<anonymous>) \(|module code@)?((?:file:\/\/|\/|[a-z]:[\\/]).*?):(\d+)(?::(\d+))?\)?$/gim;
  const places = [...stack.matchAll(frames)].map(([, file = "", line, column = 1]) => ({
    url: fileUrl(file) ?? file,
    line: Number(line),
    column: Number(column),
  }));
  return places.filter(({ url }) => !namesOwnFile(url)).at(-1);
}

/** The stack as the engine writes it, with slices by their own names. */
function rawStack(): string {
  const hooks: { prepareStackTrace?: typeof Error.prepareStackTrace | undefined } = Error;
  const { prepareStackTrace } = hooks;
  if (prepareStackTrace === undefined) return new Error("here").stack ?? "";
  try {
    hooks.prepareStackTrace = undefined;
    return new Error("here").stack ?? "";
  } finally {
    hooks.prepareStackTrace = prepareStackTrace;
  }
}

/** What the engine calls the files of the stack's frames: URLs, or paths. */
export function frameFiles(): string[] {
  return stackFrames().flatMap(({ name }) => name ?? []);
}

/** A frame of the stack. */
interface Frame {
  readonly name: string | undefined;
  readonly line: number;
  readonly column: number;
}

function stackFrames(): Frame[] {
  // Optional: engines without it exist, and most programs never set it.
  const hooks: { prepareStackTrace?: typeof Error.prepareStackTrace } = Error;
  const { prepareStackTrace } = hooks;
  const { stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = DEPTH;
    hooks.prepareStackTrace = prepared;
    const stack: unknown = new Error().stack;
    return Array.isArray(stack) ? (stack as Frame[]) : framesInText(String(stack)); // an engine without prepareStackTrace
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (prepareStackTrace === undefined) delete hooks.prepareStackTrace;
    else hooks.prepareStackTrace = prepareStackTrace;
  }
}

function prepared(_error: Error, sites: NodeJS.CallSite[]): Frame[] {
  return sites.map((site) => ({
    // Not getFileName, to which some runtimes apply source maps.
    name: site.getScriptNameOrSourceURL() ?? undefined,
    line: site.getLineNumber() ?? 0,
    column: site.getColumnNumber() ?? 1,
  }));
}

function framesInText(stack: string): Frame[] {
  const position = /((?:[a-z][a-z0-9+.-]*:)?\/[^\s()]*?):(\d+)(?::(\d+))?\)?$/gim;
  return [...stack.matchAll(position)].map(([, name, line, column]) => ({
    name,
    line: Number(line),
    column: Number(column ?? 1),
  }));
}
