/** Whether an object is a Proxy, which only some runtimes tell. */

interface Types {
  isProxy: (this: void, value: unknown) => boolean;
}

let known: ((value: unknown) => boolean) | undefined;

export function isProxy(value: object): boolean {
  known ??= findOut();
  return known(value);
}

function findOut(): (value: unknown) => boolean {
  const host = globalThis as {
    process?: { getBuiltinModule?: (id: string) => Types | undefined };
  };
  return host.process?.getBuiltinModule?.("node:util/types")?.isProxy ?? (() => false);
}
