// A blob's bytes from its text in the one file. Runs in a worker: see unpack_apart.ts.

import { restore, TextReader } from "./blob_text";
import { collect } from "./streams";

/** `length` is that of the gzip file, `parts` as restore() takes it. Throws an Error
 * that ends the sentence "this blob ...". */
export async function unpack(text: string, length: number, parts?: string): Promise<Uint8Array> {
  const zipped = new Uint8Array(length);
  const reader = new TextReader(zipped);
  reader.read(text, 0, text.length);
  if (!reader.whole) throw new Error("is not whole");
  try {
    return new Uint8Array(restore(await gunzip(zipped), parts));
  } catch {
    throw new Error("cannot be unpacked");
  }
}

async function gunzip(zipped: Uint8Array): Promise<ArrayBuffer> {
  // The last four bytes are the length, so that the result is allocated once.
  const whole = zipped.length < 18 ? 0 : new DataView(zipped.buffer).getUint32(zipped.length - 4, true);
  return collect(new Blob([zipped]).stream().pipeThrough<Uint8Array>(new DecompressionStream("gzip")), () => {}, whole);
}
