import { namesOwnFile } from "../base/own-files.ts";
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
  const urls = new Set<string>();
  for (const name of frameFiles()) {
    const url = fileUrl(name);
    if (url === undefined || !/^(?:file|https?):/.test(url)) continue;
    if (!namesOwnFile(url)) urls.add(url);
  }
  return [...urls];
}

function frameFiles(): string[] {
  // Optional: engines without it exist, and most programs never set it.
  const hooks: { prepareStackTrace?: typeof Error.prepareStackTrace } = Error;
  const { prepareStackTrace } = hooks;
  const { stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = DEPTH;
    // Not getFileName, to which some runtimes apply source maps.
    hooks.prepareStackTrace = (_error, frames) =>
      frames.map((frame) => frame.getScriptNameOrSourceURL());
    const stack: unknown = new Error().stack;
    if (Array.isArray(stack)) return stack.filter((name) => typeof name === "string");
    return filesInText(String(stack)); // an engine without prepareStackTrace
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
