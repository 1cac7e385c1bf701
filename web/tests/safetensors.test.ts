import assert from "node:assert/strict";
import test from "node:test";
import { Tensors } from "../src/safetensors";

function file(header: object | string, data: number[] = []): ArrayBuffer {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.fill(32, 8);
  bytes.set(text, 8);
  bytes.set(data, 8 + padded);
  return bytes.buffer;
}

test("arrays are views with their shapes", () => {
  const tensors = new Tensors(
    file(
      { __metadata__: { a: "b" }, f: { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] }, u: { dtype: "U8", shape: [3], data_offsets: [8, 11] } },
      [0, 0, 128, 63, 0, 0, 0, 192, 7, 8, 9],
    ),
  );
  assert.deepEqual(tensors.names(), ["f", "u"]);
  assert.deepEqual(tensors.f32("f"), Float32Array.of(1, -2));
  assert.deepEqual(tensors.u8("u"), Uint8Array.of(7, 8, 9));
  assert.deepEqual(tensors.shape("f"), [1, 2]);
  assert.equal(tensors.metadata["a"], "b");
  assert.equal(tensors.i32("none"), null);
});

test("a damaged file is one sentence", () => {
  const entry = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
  for (const bytes of [new ArrayBuffer(3), file("{"), file({ f: entry }, [1, 2, 3]), file({ f: entry }).slice(0, 20)])
    assert.throws(() => new Tensors(bytes), /the pack is damaged: .*make it again/);
  assert.throws(() => new Tensors(file({ f: entry }, [0, 0, 0, 0, 0, 0, 0, 0])).u8("f"), /F32, not/);
});
