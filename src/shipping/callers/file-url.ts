/** Makes a URL of an absolute file path; returns a URL as it is, and undefined for anything else. */
export function fileUrl(pathOrUrl: string): string | undefined {
  if (/^[a-z]:[\\/]/i.test(pathOrUrl)) return urlOfPath(`/${pathOrUrl.replaceAll("\\", "/")}`);
  if (pathOrUrl.startsWith("/")) return urlOfPath(pathOrUrl);
  return /^[a-z][a-z0-9+.-]+:/i.test(pathOrUrl) ? pathOrUrl : undefined;
}

function urlOfPath(path: string): string {
  const escaped = path.replace(/[%?#\\]/g, (character) => encodeURIComponent(character));
  return new URL(`file://${escaped}`).href;
}
