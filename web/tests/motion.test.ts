import assert from "node:assert/strict";
import test from "node:test";
import { between, ease } from "../src/panels/motion";

test("easing starts and ends at rest and never leaves 0 to 1", () => {
  assert.deepEqual([ease(-1), ease(0), ease(0.5), ease(1), ease(2)], [0, 0, 0.5, 1, 1]);
  assert.ok(ease(0.01) < 0.001 && ease(0.99) > 0.999);
});

test("positions between two maps end exactly on them", () => {
  const out = new Float32Array(2);
  const [from, to] = [Float32Array.of(1, -3), Float32Array.of(3, 5)];
  between(from, to, 0, out);
  assert.deepEqual([...out], [1, -3]);
  between(from, to, 0.5, out);
  assert.deepEqual([...out], [2, 1]);
  between(from, to, 1, out);
  assert.deepEqual([...out], [3, 5]);
});
