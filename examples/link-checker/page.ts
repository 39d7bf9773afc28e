/** What both checkers need that does not wait for tasks: fetching one page, and finding its links. */

export interface Page {
  readonly status: number;
  /** Where its links lead. */
  readonly links: readonly string[];
}

/** How often, and how long, a site may be asked. */
export interface Limits {
  /** Pages fetched at the same time. */
  readonly atOnce: number;
  /** Milliseconds that one page may take. */
  readonly patienceMs: number;
}

/** Fetches a page. Aborting the signal ends it, with the connection. */
export async function download(url: string, signal: AbortSignal): Promise<Page> {
  const response = await fetch(url, { signal });
  const isHtml = response.headers.get("content-type")?.startsWith("text/html") ?? false;
  const text = await response.text();
  return { status: response.status, links: isHtml ? linksIn(text, url) : [] };
}

export function linksIn(html: string, base: string): readonly string[] {
  const found = new Set<string>();
  for (const [, target = ""] of html.matchAll(/<a\s[^>]*?href="([^"#]*)/g)) {
    if (!URL.canParse(target, base)) continue;
    const url = new URL(target, base);
    if (url.protocol.startsWith("http")) found.add(url.href);
  }
  return [...found];
}
