/** First byte of every value that the hand codec writes. Lengths and numbers are little-endian. */

export const UNDEFINED = 0;
export const NULL = 1;
export const TRUE = 2;
export const FALSE = 3;
/** 4 bytes. Integers keep a tag of their own: one that travels as a double slows down the call's code. */
export const INT32 = 4;
/** 8 bytes. */
export const DOUBLE = 5;
/** 1 byte length, then a byte a character: ASCII. */
export const SHORT_ASCII = 6;
/** 4 bytes length, then a byte a character: ASCII. */
export const ASCII = 7;
/** 4 bytes length in code units, then two bytes each. */
export const UTF16 = 8;
/** 8 bytes. */
export const BIGINT = 9;
/** 4 bytes length, then the values. */
export const ARRAY = 10;
/** 4 bytes length, then 4 bytes each. */
export const INT32_ARRAY = 11;
/** 4 bytes count, then keys (as strings) and values by turns. */
export const OBJECT = 12;
/** 4 bytes length, then the bytes. */
export const BYTES = 13;
/** 4 bytes: the number of a shared buffer (see shared-buffers.ts). */
export const SHARED_BUFFER = 14;
/** 1 byte kind (an index into SHARED_VIEWS), then number of the buffer, byte offset and length, 4 bytes each. */
export const SHARED_VIEW = 15;
/** 4 bytes length, then the bytes: a Buffer. */
export const BUFFER = 16;
/** 4 bytes: the address of a shared object (see handles.ts). */
export const HANDLE_ADDRESS = 17;
