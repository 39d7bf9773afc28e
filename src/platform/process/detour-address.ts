/**
 * Where a child listens for its second lane (detour.ts), from its start: at an address that only its
 * parent knows. It is in the child's environment, from where the child takes it away, with a token
 * that the parent has to show. Other users of the machine can read neither.
 */
import { localPath, secretName } from "../net/local-path.ts";

/** Where a child listens, and what it has to be shown. */
export interface Detour {
  readonly path: string;
  readonly token: string;
}

/** A child, and where it listens. */
export interface DetouredChild extends Detour {
  readonly pid: number;
}

/** Of the child's environment. */
const VARIABLE = "HEDDLE_DETOUR";

export function newDetour(): Detour {
  return { path: localPath(`heddle-${secretName()}`), token: secretName() };
}

/** The environment of a child that listens there. An environment cannot hold the NUL of such a path. */
export function withDetour(
  env: Readonly<Record<string, string>>,
  { path, token }: Detour,
): Record<string, string> {
  return { ...env, [VARIABLE]: JSON.stringify({ path: path.replace("\0", "@"), token }) };
}

/** In a child: where it is to listen. The environment does not say it any more then. */
export function takeDetour(): Detour | undefined {
  let given: string | undefined;
  try {
    given = process.env[VARIABLE];
    delete process.env[VARIABLE];
  } catch {
    return undefined; // Deno without the permission
  }
  if (given === undefined) return undefined;
  const { path, token } = JSON.parse(given) as Detour;
  return { path: path.replace(/^@/, "\0"), token };
}
