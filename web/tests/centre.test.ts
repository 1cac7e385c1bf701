import assert from "node:assert/strict";
import test from "node:test";
import { centredDigit } from "../src/panels/centre";

const kSheet = 280;

/** Ink in a rectangle of the sheet. */
function block(top: number, left: number, height: number, width: number): Float32Array {
  const ink = new Float32Array(kSheet * kSheet);
  for (let y = top; y < top + height; ++y) ink.fill(1, y * kSheet + left, y * kSheet + left + width);
  return ink;
}

function measure(image: Float32Array, side = 28): { top: number; bottom: number; left: number; right: number; x: number; y: number } {
  let [top, bottom, left, right, sum, x, y] = [side, -1, side, -1, 0, 0, 0];
  image.forEach((value, i) => {
    if (value === 0) return;
    const [row, column] = [Math.floor(i / side), i % side];
    [top, bottom, left, right] = [Math.min(top, row), Math.max(bottom, row), Math.min(left, column), Math.max(right, column)];
    sum += value;
    x += value * column;
    y += value * row;
  });
  return { top, bottom, left, right, x: x / sum, y: y / sum };
}

test("the longest side of a digit becomes 20 pixels, wherever and however large it was drawn", () => {
  for (const [height, width] of [[200, 40], [33, 120], [61, 61], [3, 2]]) {
    const box = measure(centredDigit(block(20, 70, height, width), kSheet, kSheet, 28)!);
    assert.equal(Math.max(box.bottom - box.top + 1, box.right - box.left + 1), 20, `${height} x ${width}`);
  }
});

test("the centre of mass comes within half a pixel of (14, 14), where MNIST has it", () => {
  const ink = block(30, 30, 120, 20);
  block(130, 30, 20, 90).forEach((value, i) => (ink[i] = Math.max(ink[i], value))); // an L
  const { x, y } = measure(centredDigit(ink, kSheet, kSheet, 28)!);
  assert.ok(Math.abs(x - 14) <= 0.5 && Math.abs(y - 14) <= 0.5, `${x} ${y}`);
});

test("a digit whose mass lies at one end stays whole", () => {
  const ink = block(0, 0, 280, 4);
  block(240, 0, 40, 240).forEach((value, i) => (ink[i] = Math.max(ink[i], value)));
  const box = measure(centredDigit(ink, kSheet, kSheet, 28)!);
  assert.equal(box.bottom - box.top + 1, 20);
  assert.ok(box.bottom <= 27);
});

test("a digit of MNIST's own size and position comes back as it was", () => {
  const digit = new Float32Array(28 * 28);
  for (let y = 4; y < 24; ++y) for (let x = 10; x < 19; ++x) digit[y * 28 + x] = 0.3 + 0.005 * (y - 4);
  assert.deepEqual(centredDigit(digit, 28, 28, 28), digit);
});

test("edges are grey: the drawing is averaged over the pixels, not sampled", () => {
  const image = centredDigit(block(40, 40, 200, 33), kSheet, kSheet, 28)!;
  assert.ok(image.some((value) => value > 0.05 && value < 0.95) || image.every((value) => value === 0 || value === 1));
  const slope = new Float32Array(kSheet * kSheet);
  for (let i = 40; i < 240; ++i) slope.fill(1, i * kSheet + i / 2, i * kSheet + i / 2 + 30);
  assert.ok(centredDigit(slope, kSheet, kSheet, 28)!.some((value) => value > 0.05 && value < 0.95));
});

test("an empty sheet has no digit", () => {
  assert.equal(centredDigit(new Float32Array(100), 10, 10, 28), null);
});
