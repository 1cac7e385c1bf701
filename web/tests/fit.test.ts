import assert from "node:assert/strict";
import test from "node:test";
import { colourOf, fittedImage, placement, resized } from "../src/panels/fit";

const grey = (height: number, width: number) => ({ height, width, channels: 1 });
const close = (a: ArrayLike<number>, b: number[]) => {
  assert.equal(a.length, b.length);
  b.forEach((value, i) => assert.ok(Math.abs(a[i] - value) < 1e-6, `${i}: ${a[i]} is not ${value}`));
};

test("an image that shrinks holds the mean over each new pixel's area", () => {
  close(resized([1, 2, 3, 4, 5, 6], grey(1, 6), grey(1, 3)), [1.5, 3.5, 5.5]);
  close(resized([0, 6, 3], grey(1, 3), grey(1, 2)), [2, 4]);
  close(resized([0, 6, 3], grey(3, 1), grey(2, 1)), [2, 4]);
});

test("an image that grows is linear between pixel centres, its edges repeated", () => {
  close(resized([0, 4], grey(1, 2), grey(1, 4)), [0, 1, 3, 4]);
  close(resized([7], grey(1, 1), grey(2, 2)), [7, 7, 7, 7]);
});

test("channels are resized apart from each other", () => {
  close(resized([10, 20, 30, 20, 40, 60], { height: 1, width: 2, channels: 3 }, grey(1, 1)), [15, 30, 45]);
});

test("crop takes the middle, pad leaves the background around, stretch takes all", () => {
  const [from, to] = [{ height: 4, width: 8 }, { height: 2, width: 2 }];
  assert.deepEqual(placement(from, to, "stretch").from, { top: 0, left: 0, height: 4, width: 8 });
  assert.deepEqual(placement(from, to, "crop").from, { top: 0, left: 2, height: 4, width: 4 });
  assert.deepEqual(placement(from, to, "pad").to, { top: 0, left: 0, height: 1, width: 2 });
  assert.deepEqual(placement({ height: 8, width: 4 }, to, "crop").from, { top: 2, left: 0, height: 4, width: 4 });
  assert.deepEqual(placement({ height: 1, width: 1000 }, to, "pad").to, { top: 0, left: 0, height: 1, width: 2 });
});

test("an image of the data's size keeps its bytes", () => {
  const rgba = Uint8ClampedArray.from([10, 10, 10, 255, 200, 200, 200, 255]);
  close(fittedImage(rgba, { height: 1, width: 2 }, grey(1, 2), "stretch", "black"), [10 / 255, 200 / 255]);
});

test("transparent pixels show the background, and so does the room around a padded image", () => {
  const shape = { height: 3, width: 1, channels: 3 };
  const clear = Uint8ClampedArray.from([9, 9, 9, 0]);
  const [red, green, blue] = colourOf("#ff8000");
  const image = fittedImage(clear, { height: 1, width: 1 }, shape, "pad", "#ff8000");
  close(image, [1, 2, 3].flatMap(() => [red / 255, green / 255, blue / 255]));
});

test("colours become grey by their luma where the data is grey", () => {
  const red = Uint8ClampedArray.from([255, 0, 0, 255]);
  close(fittedImage(red, { height: 1, width: 1 }, grey(1, 1), "stretch", "black"), [76 / 255]);
});

test("backgrounds are named as the program names them", () => {
  assert.deepEqual(["black", "white", "#0a10ff", "auto"].map(colourOf), [[0, 0, 0], [255, 255, 255], [10, 16, 255], [0, 0, 0]]);
});
