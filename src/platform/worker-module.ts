/**
 * The URL of a module that a worker starts with, beside the module `from`.
 *
 * The name is put together at run time on purpose: bundlers rewrite, or choke on,
 * a literal `new URL("./x.js", import.meta.url)` in a published package.
 *
 * @param path Relative path without its extension, such as `./worker-main`.
 */
export function workerModule(from: string, path: string): URL {
  const extension = /\.[cm]?[jt]s$/.exec(new URL(from).pathname)?.[0] ?? ".js";
  return new URL(`${path}${extension}`, from);
}
