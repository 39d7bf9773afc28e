/** The URLs of slices, which are parts of the user's modules: what marks them, and which module each is cut from. */

/** What marks the URL of a slice: `main.ts?heddle=…`. */
export const SLICE_MARK = "heddle=";

/** What a slice exports a function as that is not a variable of its module. */
export const EXPORT = "__heddle";

const ADDITION = /(?:\.heddle\.mjs)?(?:\?|#|%23)heddle=[\w.]*/g;

/** The URL or path of the module that a slice was cut from. Also of all that a text names. */
export function withoutSlice(text: string): string {
  return text.includes(SLICE_MARK) ? text.replace(ADDITION, "") : text;
}

/** Whether the URL or path is a slice's. */
export function isSlice(url: string): boolean {
  return url.includes(SLICE_MARK) && withoutSlice(url) !== url;
}
