/** The engine's own `Atomics`, kept from before an agent replaces it. */
export const atomics: typeof Atomics = Atomics;
