/** Numbers, as people read them. */

const grouped = new Intl.NumberFormat("en-US");

/** `1,234,567` */
export function number(value: number): string {
  return grouped.format(value);
}

/** `12.3 MB`, `4.5 kB` or `67 B` */
export function size(bytes: number): string {
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  if (bytes >= 1e3) return `${(bytes / 1e3).toFixed(1)} kB`;
  return `${bytes} B`;
}

/** `12.3 s` or `45.6 ms` */
export function duration(ms: number): string {
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms.toFixed(1)} ms`;
}
