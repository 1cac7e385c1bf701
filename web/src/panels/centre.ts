// A drawing brought to the size and position of MNIST's digits. MNIST: "size normalized to fit in a
// 20x20 pixel box while preserving their aspect ratio", grey by antialiasing, then "centered in a
// 28x28 image by computing the center of mass of the pixels, and translating the image so as to
// position this point at the center of the 28x28 field" (LeCun, Cortes and Burges, yann.lecun.com/exdb/mnist).
// In its files the longest side is 20 pixels in 99.97 % of the test images, and the centre of mass
// lies within half a pixel of (14, 14), the centre of the top left pixel being (0, 0).

import { resized } from "./fit";

const kBox = 20;

/** A drawing [height, width] of ink 0..1 as an image [side, side], side >= 20; null without ink. */
export function centredDigit(ink: Float32Array, height: number, width: number, side: number): Float32Array | null {
  let [top, bottom, left, right] = [height, -1, width, -1];
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      if (ink[y * width + x] < 0.02) continue;
      top = Math.min(top, y);
      bottom = y;
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
  }
  if (bottom < 0) return null;
  const [h, w] = [bottom - top + 1, right - left + 1];
  const digit = new Float32Array(h * w);
  for (let y = 0; y < h; ++y) digit.set(ink.subarray((top + y) * width + left, (top + y) * width + left + w), y * w);
  const longest = Math.max(h, w);
  const to = { height: Math.max(1, Math.round((kBox * h) / longest)), width: Math.max(1, Math.round((kBox * w) / longest)) };
  return placedByMass(resized(digit, { height: h, width: w, channels: 1 }, to), to.height, to.width, side);
}

/** The image in the middle of [side, side], by its centre of mass and whole pixels. */
function placedByMass(image: Float32Array, height: number, width: number, side: number): Float32Array {
  let [sum, x, y] = [0, 0, 0];
  image.forEach((value, i) => {
    sum += value;
    x += value * (i % width);
    y += value * Math.floor(i / width);
  });
  // A digit whose mass lies far to one side stays whole.
  const offset = (mass: number, length: number) => Math.max(0, Math.min(side - length, Math.round(side / 2 - mass / sum)));
  const [dx, dy] = [offset(x, width), offset(y, height)];
  const out = new Float32Array(side * side);
  for (let row = 0; row < height; ++row) out.set(image.subarray(row * width, (row + 1) * width), (row + dy) * side + dx);
  return out;
}
