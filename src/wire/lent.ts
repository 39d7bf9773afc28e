/** What a value that is being sent has lent to its receiver, for where the value never arrives. */

/** Takes back what was lent, unless it has arrived. */
export type TakeBack = () => void;

/** What the value lends that is being encoded now; undefined where nothing takes it back. */
let lent: TakeBack[] | undefined;

/** Called by what lends something of its own as it is encoded. */
export function noteLent(takeBack: TakeBack): void {
  lent?.push(takeBack);
}

/**
 * Calls what encodes a value. If that throws, what has been lent is taken back.
 *
 * @returns The result, and what takes back all that it lends; undefined where it lends nothing.
 */
export function collectLent<T>(encode: () => T): readonly [T, TakeBack | undefined] {
  const outer = lent;
  const own: TakeBack[] = [];
  lent = own;
  const takeBack = (): void => {
    for (const each of own.splice(0)) each();
  };
  try {
    return [encode(), own.length === 0 ? undefined : takeBack];
  } catch (error) {
    takeBack();
    throw error;
  } finally {
    lent = outer;
  }
}
