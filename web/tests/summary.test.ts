import assert from "node:assert/strict";
import test from "node:test";
import type { Pack } from "../src/pack";
import { classShares, inverse, meanImage, meanOf, pointsWhere, rowsOf } from "../src/panels/summary";

test("class shares are of the set and of all points, the largest first", () => {
  const labels = Int32Array.of(0, 0, 0, 1, 1, -1, 2, 2);
  assert.deepEqual(classShares(labels, Int32Array.of(0, 3, 4, 5)), [
    { label: 1, count: 2, share: 0.5, shareOfAll: 0.25 },
    { label: -1, count: 1, share: 0.25, shareOfAll: 0.125 },
    { label: 0, count: 1, share: 0.25, shareOfAll: 0.375 },
  ]);
  assert.deepEqual(classShares(null, Int32Array.of(0)), []);
});

test("the mean leaves out values that are not known, and is not known for none", () => {
  const values = Float32Array.of(1, NaN, 2, 4);
  assert.equal(meanOf(values, Int32Array.of(0, 1, 2)), 1.5);
  assert.ok(Number.isNaN(meanOf(values, Int32Array.of(1))));
  assert.ok(Number.isNaN(meanOf(null, Int32Array.of(0))));
});

test("the mean image is the mean of the points' pixels in 0 to 1", () => {
  const pack = { count: 3, images: Uint8Array.of(0, 255, 255, 255, 9, 9) } as unknown as Pack;
  assert.deepEqual([...meanImage(pack, Int32Array.of(0, 1))!], [0.5, 1]);
  assert.equal(meanImage(pack, Int32Array.of()), null);
});

test("a set and its inverse hold each point once", () => {
  const even = pointsWhere(5, (point) => point % 2 === 0);
  assert.deepEqual([...even], [0, 2, 4]);
  assert.deepEqual([...inverse(5, even)], [1, 3]);
  assert.deepEqual([...inverse(3, Int32Array.of())], [0, 1, 2]);
});

test("rows of an array are copied in the order of the points", () => {
  assert.deepEqual([...rowsOf(Float32Array.of(1, 2, 3, 4, 5, 6), 2, Int32Array.of(2, 0))], [5, 6, 1, 2]);
});
