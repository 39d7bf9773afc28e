/** What a check has found out, so far. */

export class Report {
  readonly #fine = new Set<string>();
  readonly #broken = new Map<string, string>();
  #now = 0;
  #most = 0;

  begin(): void {
    this.#now += 1;
    this.#most = Math.max(this.#most, this.#now);
  }

  end(): void {
    this.#now -= 1;
  }

  fine(url: string): void {
    this.#fine.add(url);
  }

  broken(url: string, from: string, why: string): void {
    const { origin, pathname } = new URL(from);
    const shown = url.startsWith(`${origin}/`) ? url.slice(origin.length) : url;
    this.#broken.set(shown, `${why}, linked from ${pathname}`);
  }

  toString(): string {
    const count = this.#fine.size + this.#broken.size;
    const lines = [...this.#broken].map(([url, why]) => `  ${url}: ${why}`).sort();
    return [`  ${count} pages, at most ${this.#most} at once`, ...lines].join("\n");
  }
}
