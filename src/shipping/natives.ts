/**
 * Functions that every worker has: `Math.max`, `JSON.parse`, `structuredClone`.
 *
 * They are looked for by their names: to read all globals takes 30 ms, since runtimes load what is
 * behind some of them when they are first read. Some natives are the runtime's own JavaScript,
 * and a program may have put others into their places. So the worker compares the
 * texts: of another function it gets the name alone.
 */
import { WORKER_GLOBALS } from "../platform/known-globals.ts";
import type { SourceReference } from "./function-reference.ts";

/** What has functions in it that need no `this`, and is there without being loaded. */
const HOLDERS = `
  Math JSON Object Array Number String Date Symbol BigInt Promise Reflect Atomics ArrayBuffer console URL
`
  .trim()
  .split(/\s+/);

/** Functions of `Buffer`, which some runtimes load when it is first read. */
const OF_BUFFER = /^(?:alloc|allocUnsafe|byteLength|compare|concat|from|isBuffer|isEncoding)$/;

/** How a worker gets the function, if it is one that each has. */
export function nativeReference(fn: Function): SourceReference | undefined {
  const path = nativePath(fn);
  if (path === undefined) return undefined;
  const body = `return String(${path}) === ${JSON.stringify(String(fn))} ? ${path} : "${path}";`;
  return { kind: "source", name: fn.name, body, id: "" };
}

function nativePath(fn: Function): string | undefined {
  const { name } = fn;
  const globals = globalThis as unknown as Record<string, object>;
  if (WORKER_GLOBALS.has(name) && globals[name] === fn) return name;
  if (name === "" && /\[native code\]\s*\}$/.test(String(fn))) return namelessOfBuffer(fn);
  if (!/^\w+$/.test(name)) return undefined;
  const holders = OF_BUFFER.test(name) ? [...HOLDERS, "Buffer"] : HOLDERS;
  const holder = holders.find(
    (each) => Object.getOwnPropertyDescriptor(globals[each] ?? {}, name)?.value === fn,
  );
  return holder && `${holder}.${name}`;
}

/** In Bun, functions of `Buffer` have no names. */
function namelessOfBuffer(fn: Function): string | undefined {
  const { Buffer: holder } = globalThis as { Buffer?: object };
  const entries = Object.entries(Object.getOwnPropertyDescriptors(holder ?? {}));
  const key = entries.find(([, { value }]) => value === fn)?.[0];
  return key && `Buffer.${key}`;
}
