// The text form of a blob in the one file (docs/formats.md, "The one file"): seven bits a
// character, then gzip, then the parts of the blob rearranged. Written by lab/page_blob.h.

/** The bytes that text stands for, taken piece by piece. */
export class TextReader {
  private at = 0;
  private held = 0;
  private bits = 0; // of `held` that are not in `bytes` yet

  /** `bytes` has the length of the gzip file. */
  constructor(private readonly bytes: Uint8Array) {}

  /** Takes the characters [from, to) of `text`, which follow those taken before. */
  read(text: string, from: number, to: number): void {
    const bytes = this.bytes;
    let { at, held, bits } = this;
    for (let i = from; i < to; ++i) {
      const code = text.charCodeAt(i);
      if (code < 128) {
        held = (held << 7) | code;
        bits += 7;
      } else {
        // One of the three groups that HTML would change, and the five bits after it.
        const group = code < 0xa0 ? 0x00 : code < 0xc0 ? 0x0d : 0x3c;
        held = (held << 12) | (group << 5) | (code & 31);
        bits += 12;
      }
      while (bits >= 8) {
        bits -= 8;
        if (at < bytes.length) bytes[at] = held >> bits;
        ++at;
      }
      held &= 0xff;
    }
    this.at = at;
    this.held = held;
    this.bits = bits;
  }

  /** Whether the text was exactly of so many bytes: the last character may hold one byte more. */
  get whole(): boolean {
    return this.at === this.bytes.length || this.at === this.bytes.length + 1;
  }
}

/** Undoes the arrangement of `parts`, "raw 128, floats 4096, fill 0 7840000". */
export function restore(stored: ArrayBuffer, parts: string | undefined): ArrayBuffer {
  if (!parts) return stored;
  const list = parts.split(", ").map((part) => part.split(" "));
  const size = list.reduce((sum, words) => sum + Number(words[words.length - 1]), 0);
  const from = new Uint8Array(stored);
  const into = new Uint8Array(size);
  let read = 0;
  let at = 0;
  for (const words of list) {
    const bytes = Number(words[words.length - 1]);
    const part = into.subarray(at, at + bytes);
    if (words[0] === "floats") read += restoreFloats(from.subarray(read), part);
    else if (words[0] === "fill") read += restoreFill(from.subarray(read), part, Number(words[1]));
    else if (words[0] === "raw" && read + bytes <= from.length) {
      part.set(from.subarray(read, read + bytes));
      read += bytes;
    } else throw new Error("the parts of a blob do not fit it");
    at += bytes;
  }
  if (read !== from.length) throw new Error("the parts of a blob do not fit it");
  return into.buffer;
}

function restoreFloats(from: Uint8Array, part: Uint8Array): number {
  const count = part.length / 4;
  for (let plane = 0, i = 0; plane < 4; ++plane) {
    for (let at = plane; at < part.length; at += 4) part[at] = from[i++];
  }
  return 4 * count;
}

function restoreFill(from: Uint8Array, part: Uint8Array, value: number): number {
  let next = Math.ceil(part.length / 8);
  if (value !== 0) part.fill(value);
  for (let i = 0; i < part.length; i += 8) {
    const bits = from[i >> 3];
    if (bits === 0) continue;
    for (let k = 0; k < 8; ++k) {
      if (bits & (0x80 >> k)) part[i + k] = from[next++];
    }
  }
  return next;
}
