/** The text of the file that workers start with. scripts/bundle/bundle.mjs puts it here. */
export const WORKER_TEXT: string | undefined = undefined;
