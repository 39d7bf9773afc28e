/** Where the class of an error can be imported from, and the importing of it. */
import { platform } from "#platform";
import { handleCodec } from "./kinds.ts";
import { ExportSearch } from "../shipping/export-search.ts";
import type { HandleCodec } from "../wire/handles.ts";
import {
  type ClassReference,
  decodeThrown,
  encodeThrown,
  type ThrownValue,
} from "../wire/remote-error.ts";

/**
 * Finds the export that is the class, starting from the modules of the functions
 * that may have thrown; undefined for a class that no module exports.
 */
export function locateClass(
  constructor: Function,
  ...modules: readonly (string | undefined)[]
): ClassReference | undefined {
  const urls = modules.filter((url) => url !== undefined);
  if (urls.length === 0) return undefined;
  const found = new ExportSearch(constructor, urls).find();
  return found?.isVerified === true ? { url: found.url, exportName: found.exportName } : undefined;
}

/** Imports the class; undefined when this thread cannot, at least not without waiting. */
export function loadClass({ url, exportName }: ClassReference): unknown {
  try {
    return platform.requireModule(url, url)[exportName];
  } catch {
    return undefined; // the error then arrives as a RemoteError, with the class's name
  }
}

/** How errors and shared objects inside values are written and read: errors as whole as if they had been thrown. */
export function valueCodec(modules: () => readonly (string | undefined)[]): {
  describeError(error: Error): unknown;
  rebuildError(description: unknown): unknown;
  handles: HandleCodec;
  sharedBuffer: undefined;
  sharedBuffers: undefined;
} {
  return {
    sharedBuffer: undefined,
    sharedBuffers: undefined,
    handles: handleCodec,
    describeError: (error) =>
      encodeThrown(error, (constructor) => locateClass(constructor, ...modules())),
    rebuildError: (description) => decodeThrown(description as ThrownValue, loadClass),
  };
}
