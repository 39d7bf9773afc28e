/**
 * Types of the web that heddle's declarations name.
 *
 * Neither ECMAScript's library nor TypeScript's own declares them: the DOM's does, and
 * `@types/node` does. A program may be compiled without both. There a type stands for the
 * little that heddle uses of it; otherwise it is the global type.
 */

/** The global `AbortSignal`. */
export type WebAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : {
      readonly aborted: boolean;
      readonly reason: unknown;
      addEventListener(type: "abort", listener: () => void): void;
      removeEventListener(type: "abort", listener: () => void): void;
    };

/** The global `URL`. */
export type WebURL = typeof globalThis extends { URL: { prototype: infer Url } }
  ? Url
  : { readonly href: string };
