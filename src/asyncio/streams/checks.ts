/**
 * Checks of where to listen and to connect to.
 *
 * The runtimes' own come late, where no caller catches what they throw, and differ; some values
 * end the process.
 */
import { checkedInteger, checkedOption, checkedSystemText } from "../../base/options.ts";
import { kindOf } from "../../base/text.ts";

/** The longest time of a timer, in milliseconds. A longer one is over at once. */
const LONGEST_MS = 2_147_483_647;

/** @throws {TypeError} Not an integer. @throws {RangeError} Not a port. */
export function checkedPort(port: number, of: string): number {
  return checkedInteger(port, 0, 65_535, `${of}: port`);
}

/** @throws {TypeError} Neither a host nor several. */
export function checkedHosts(
  host: string | readonly string[] | null,
  of: string,
): readonly (string | undefined)[] {
  if (host === null) return [undefined];
  if (typeof host === "string") return [checkedSystemText(host, `${of}: host`)];
  if (!Array.isArray(host))
    throw new TypeError(`${of}: host must be a string, an array or null, got ${kindOf(host)}`);
  return Array.from(host, (one: string) => checkedSystemText(one, `${of}: each host`));
}

/** @throws {TypeError} Not an integer. @throws {RangeError} Too large, or negative. */
export function checkedBacklog(backlog: number, of: string): number {
  return checkedInteger(backlog, 0, 2 ** 31 - 1, `${of}: "backlog"`);
}

/** @throws {TypeError} Not a number. @throws {RangeError} Not positive, or too long for a timer. */
export function checkedHandshakeTimeout(timeoutMs: number): number {
  checkedOption(timeoutMs, "number", 'TLS: "sslHandshakeTimeout"');
  if (timeoutMs > 0 && timeoutMs <= LONGEST_MS) return timeoutMs;
  throw new RangeError(
    `Cannot set up TLS: "sslHandshakeTimeout" must be positive and at most ${LONGEST_MS}, got ${timeoutMs}`,
  );
}
