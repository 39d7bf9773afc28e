/** Bytes as the text that they are in UTF-8. */
export const text = (bytes: Uint8Array | null): string =>
  bytes === null ? "null" : new TextDecoder().decode(bytes);
