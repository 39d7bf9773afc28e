/** What the search for a function uses of modules that others use, too: by the paths of these. */
export type Parts = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** scripts/bundle/on-demand.mjs puts it here. Only bundles have this file. */
export const searchParts: () => Parts = () => ({});
