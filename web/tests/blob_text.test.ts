import assert from "node:assert/strict";
import test from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { restore, TextReader } from "../src/blob_text";

/** Text of bytes as docs/formats.md says, "The one file". */
function textOf(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  const instead: { [group: number]: number } = { 0x00: 0x80, 0x0d: 0xa0, 0x3c: 0xc0 };
  let text = "";
  for (let at = 0; at < bits.length; ) {
    const group = parseInt(bits.slice(at, (at += 7)).padEnd(7, "0"), 2);
    const code = group in instead ? instead[group] + parseInt(bits.slice(at, (at += 5)).padEnd(5, "0"), 2) : group;
    text += String.fromCharCode(code);
  }
  return text;
}

function randomBytes(count: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: count }, () => (state = (state * 1664525 + 1013904223) >>> 0) >>> 24);
}

function read(text: string, bytes: number, step = text.length): Uint8Array {
  const into = new Uint8Array(bytes);
  const reader = new TextReader(into);
  for (let at = 0; at < text.length; at += step) reader.read(text, at, Math.min(at + step, text.length));
  assert.ok(reader.whole);
  return into;
}

test("every length and every byte comes back, also piece by piece", () => {
  for (let size = 1; size < 100; ++size) {
    const bytes = randomBytes(size, size);
    assert.deepEqual(read(textOf(bytes), size), bytes);
    assert.deepEqual(read(textOf(bytes), size, 3), bytes);
  }
  const same = new Uint8Array(1000); // 0x00 throughout: characters of twelve bits
  assert.deepEqual(read(textOf(same), 1000), same);
});

test("text that is cut off, or longer than it says, is not whole", () => {
  const bytes = randomBytes(1000, 5);
  for (const text of [textOf(bytes).slice(0, -4), textOf(bytes) + "abcd"]) {
    const reader = new TextReader(new Uint8Array(1000));
    reader.read(text, 0, text.length);
    assert.equal(reader.whole, false);
  }
});

test("the parts of a blob are put back in their places", () => {
  const header = [1, 2, 3];
  const planes = [10, 11, 20, 21, 30, 31, 40, 41]; // of two floats
  const fill = [0b01000000, 0b10000000, 77, 88]; // nine bytes: the second and the last are others
  const stored = Uint8Array.from([...header, ...planes, ...fill]).buffer;
  const blob = new Uint8Array(restore(stored, "raw 3, floats 8, fill 5 9"));
  assert.deepEqual([...blob], [1, 2, 3, 10, 20, 30, 40, 11, 21, 31, 41, 5, 77, 5, 5, 5, 5, 5, 5, 88]);
});

test("bytes that the parts do not fit are refused", () => {
  const stored = new Uint8Array(10).buffer;
  for (const parts of ["raw 9", "raw 11", "floats 12", "fill 0 200", "planes 10"]) {
    assert.throws(() => restore(stored, parts), /do not fit/, parts);
  }
  assert.equal(restore(stored, undefined), stored);
});

test("what gzip made and text carried is what it was", () => {
  const bytes = randomBytes(20000, 9);
  const zipped = new Uint8Array(gzipSync(bytes));
  assert.deepEqual(new Uint8Array(gunzipSync(read(textOf(zipped), zipped.length))), bytes);
});
