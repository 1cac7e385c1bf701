// The text form of a blob in the one file (docs/formats.md, "The one file"): 7 bits a character, the
// most significant first; the bits of a character are its code & 127.

/** Decodes the characters [from, to) of `text` into their place in `bytes`; `from` is a multiple of 8. */
export function decodeText(text: string, from: number, to: number, bytes: Uint8Array): void {
  let at = (from / 8) * 7;
  let held = 0;
  let bits = 0;
  for (let i = from; i < to; ++i) {
    held = ((held << 7) | (text.charCodeAt(i) & 127)) & 0x7fff;
    bits += 7;
    if (bits >= 8) {
      bits -= 8;
      if (at < bytes.length) bytes[at++] = held >> bits;
    }
  }
}
