import { server } from "#platform";
import { namesOwnFile } from "../../base/own-files.ts";
import { withoutSlice } from "../../base/slice-urls.ts";
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

/** The same, but a part of a module that a worker evaluates has its own URL. */
export function evaluatedUrls(): string[] {
  return [...new Set(frameFiles().flatMap((name) => moduleUrl(name) ?? []))];
}

/** The same files are on every stack. */
const moduleUrls = /* @__PURE__ */ new Map<string, string | undefined>();

/** The URL of what the engine calls the file of a frame; undefined for what is not a module of the user's. */
export function moduleUrl(name: string): string | undefined {
  if (moduleUrls.has(name)) return moduleUrls.get(name);
  // `[eval]`, `[stdin]`, or in a single executable `main.cjs`: a program that has no file
  const hasNoFile = /^(?:\[\w+\]|(?!\/)[^:<]+\.c?js)$/.test(name);
  const found = hasNoFile ? server.entryUrl() : fileUrl(name);
  const url = found && /^(?:file|https?):/.test(found) && !namesOwnFile(found) ? found : undefined;
  if (!hasNoFile) moduleUrls.set(name, url); // the entry may not be known yet
  return url;
}

/** A place in a module. */
export interface ModulePlace {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** Where the module stands that is being evaluated now, as far as it is on the stack: its outermost place. */
export function evaluatedPlace(): ModulePlace | undefined {
  const stack = String(stackAs(undefined));
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

/** What the engine calls the files of the stack's frames: URLs, or paths. */
export function frameFiles(): string[] {
  const stack = stackAs((_error, sites) =>
    // Not getFileName, to which some runtimes apply source maps.
    sites.map((site) => site.getScriptNameOrSourceURL()),
  );
  if (Array.isArray(stack)) return stack.filter((name) => typeof name === "string");
  return filesInText(String(stack)); // an engine without prepareStackTrace
}

/** The stack of the caller, as one makes it of its frames, or, without that, as text. */
export function stackAs(
  prepare: typeof Error.prepareStackTrace | undefined,
  depth: number = DEPTH,
): unknown {
  // Optional: engines without it exist, and most programs never set it.
  const hooks: { prepareStackTrace?: typeof Error.prepareStackTrace | undefined } = Error;
  const { prepareStackTrace } = hooks;
  const { stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = depth;
    hooks.prepareStackTrace = prepare;
    return new Error("here").stack;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (prepareStackTrace === undefined) delete hooks.prepareStackTrace;
    else hooks.prepareStackTrace = prepareStackTrace;
  }
}

function filesInText(stack: string): string[] {
  const position = /((?:[a-z][a-z0-9+.-]*:)?\/[^\s()]*?):\d+(?::\d+)?\)?$/gim;
  return [...stack.matchAll(position)].map((match) => match[1] as string);
}
