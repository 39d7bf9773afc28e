import { server } from "#platform";

/** Imports the module at `url`, a full URL, making the runtime ready for TypeScript first. */
export async function importModule(url: string): Promise<Record<string, unknown>> {
  if (/\.[mc]?tsx?(?:[?#]|$)/.test(url)) await server.prepareTypeScript();
  return (await import(server.toImport?.(url) ?? url)) as Record<string, unknown>;
}
