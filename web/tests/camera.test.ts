import assert from "node:assert/strict";
import test from "node:test";
import { alongGlide } from "../src/map/glide";
import { boxOf, fitBox, moveBy, toMap, toScreen, zoomAt } from "../src/map/camera";

const size = { width: 900, height: 600 };
const camera = { x: 3, y: -2, scale: 40 };
const none = { left: 0, top: 0, right: 0, bottom: 0 };

test("screen and map are each other's inverse, and up on the map is up on the screen", () => {
  const [x, y] = toMap(camera, size, 123, 456);
  const [left, top] = toScreen(camera, size, x, y);
  assert.ok(Math.abs(left - 123) < 1e-9 && Math.abs(top - 456) < 1e-9);
  assert.ok(toScreen(camera, size, 0, 1)[1] < toScreen(camera, size, 0, 0)[1]);
});

test("zooming keeps what is under the pointer, also where the zoom is at its limit", () => {
  for (const factor of [1.3, 0.4, 1e9, 1e-9]) {
    const before = toMap(camera, size, 700, 90);
    const after = toMap(zoomAt(camera, size, 700, 90, factor, [5, 4000]), size, 700, 90);
    assert.ok(Math.hypot(before[0] - after[0], before[1] - after[1]) < 1e-9);
  }
  assert.equal(zoomAt(camera, size, 0, 0, 1e9, [5, 4000]).scale, 4000);
});

test("moving follows the hand", () => {
  const position = toMap(camera, size, 100, 100);
  const [left, top] = toScreen(moveBy(camera, 30, -20), size, ...position);
  assert.ok(Math.abs(left - 130) < 1e-9 && Math.abs(top - 80) < 1e-9);
});

test("a fitted box lies in the room that is left for it, in its middle", () => {
  const box = { left: -1, right: 3, bottom: 0, top: 1 };
  const room = { left: 100, top: 20, right: 50, bottom: 60 };
  const fitted = fitBox(box, size, room, Infinity);
  const [left, top] = toScreen(fitted, size, box.left, box.top);
  const [right, bottom] = toScreen(fitted, size, box.right, box.bottom);
  assert.ok(Math.abs(left - 100) < 1e-6 && Math.abs(right - 850) < 1e-6);
  assert.ok(Math.abs(top - 20 - (540 - bottom)) < 1e-6);
});

test("a single point is fitted at the largest scale", () => {
  const at = boxOf(Float32Array.of(2, 5))!;
  assert.deepEqual(fitBox(at, size, none, 77), { x: 2, y: 5, scale: 77 });
});

test("positions that are not numbers do not count", () => {
  assert.deepEqual(boxOf(Float32Array.of(NaN, 1, 2, 3, 4, Infinity, 0, 1)), { left: 0, right: 2, bottom: 1, top: 3 });
  assert.equal(boxOf(Float32Array.of(NaN, NaN)), null);
});

test("a glide begins and ends where it should, and its end's centre comes on a straight line", () => {
  const to = { x: 10, y: 5, scale: 400 };
  assert.deepEqual(alongGlide(camera, to, 0), camera);
  assert.equal(alongGlide(camera, to, 1), to);
  const places = [0, 0.2, 0.5, 0.8].map((t) => toScreen(alongGlide(camera, to, t), size, to.x, to.y));
  const slopes = places.map(([left, top]) => (top - 300) / (left - 450));
  for (const slope of slopes) assert.ok(Math.abs(slope - slopes[0]) < 1e-6);
  const off = places.map(([left, top]) => Math.hypot(left - 450, top - 300));
  assert.ok(off.every((value, i) => i === 0 || value < off[i - 1]), `${off}`);
});
