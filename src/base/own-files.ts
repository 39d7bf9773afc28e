/**
 * Where heddle's own files are.
 *
 * Workers start with a file of heddle's, and stacks that users see are free of heddle's
 * frames. Both need the folder that heddle lies in, which follows from the URL of the file
 * that holds this module. When a user's bundler has put heddle into a file of the user's,
 * that file is not called as it was in heddle, and there is no folder.
 */

/** What the file that holds this module is called in heddle's folder: scripts/build.mjs writes this in bundles. */
const FILE: string = "base/own-files.js";

/** The URL of the folder, with a slash at its end; undefined in a user's bundle. */
function folderUrl(): string | undefined {
  // Undefined where a bundler has made CommonJS of it.
  const url = (import.meta.url as string | undefined)?.replace(/[?#].*$/, "");
  return url?.endsWith(`/${FILE}`) === true ? url.slice(0, -FILE.length) : undefined;
}

/** Whether this is code that a bundler put into a program, or that a worker of such a program started with. */
export function isInsideBundle(): boolean {
  return folderUrl()?.startsWith("heddle:") ?? true;
}

/** The URL of one of heddle's files; undefined in a user's bundle. */
export function ownFile(path: string): URL | undefined {
  const folder = folderUrl();
  return folder === undefined ? undefined : new URL(path, folder);
}

let beginnings: readonly string[] | undefined;

/** How the paths of heddle's files begin: where they are, and where source maps say that they come from. */
function ownBeginnings(): readonly string[] {
  const folder = folderUrl();
  if (folder === undefined) return [];
  return ["", "../src/", "../../src/"].flatMap((relative) => {
    const { protocol, href, pathname } = new URL(relative, folder);
    if (protocol !== "file:") return [href];
    const path = decodeURI(pathname);
    // As a URL, as a path, and as a path on Windows.
    return [href, path, path.slice(1).replaceAll("/", "\\")];
  });
}

/** Whether a line of a stack, or the name of a file, names one of heddle's own files. */
export function namesOwnFile(text: string): boolean {
  beginnings ??= ownBeginnings();
  return beginnings.some((beginning) => text.includes(beginning));
}
