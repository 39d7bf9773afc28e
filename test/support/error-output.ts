/** What a piece of code prints on standard error. */
import process from "node:process";

export function captureErrorOutput(body: () => void): string {
  const { write } = process.stderr;
  let output = "";
  process.stderr.write = (text: string | Uint8Array) => {
    output += String(text);
    return true;
  };
  try {
    body();
  } finally {
    process.stderr.write = write;
  }
  return output;
}

/** The same for code that waits. */
export async function captureErrorOutputWhile(body: () => Promise<void>): Promise<string> {
  const { write } = process.stderr;
  let output = "";
  process.stderr.write = (text: string | Uint8Array) => {
    output += String(text);
    return true;
  };
  try {
    await body();
  } finally {
    process.stderr.write = write;
  }
  return output;
}
