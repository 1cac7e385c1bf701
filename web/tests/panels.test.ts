import assert from "node:assert/strict";
import test from "node:test";
import type { Pack } from "../src/pack";
import { interpCommand, latentText } from "../src/panels/commands";
import { largestFirst, moved, scores, span } from "../src/panels/directions";
import { ascending, errorText, shareBelow } from "../src/panels/error_rank";
import { History } from "../src/panels/history";
import { difference, fitted, lineSide, magnitude, meanSquared, mixed, percentile } from "../src/panels/image_math";
import { latest } from "../src/panels/latest";
import { along, even, labelsAlong, median, nearestOther } from "../src/panels/line_steps";
import { inDirection, neighbourSets } from "../src/panels/neighbour_sets";
import { majority } from "../src/panels/points";

const shape = (height: number, width: number) => ({ height, width, channels: 1 });

test("images are enlarged so that each pixel covers a whole number of the screen's", () => {
  assert.deepEqual(fitted(shape(28, 28), 168), { height: 168, width: 168 });
  assert.deepEqual(fitted(shape(64, 64), 168), { height: 128, width: 128 });
  assert.deepEqual(fitted(shape(28, 14), 100), { height: 84, width: 42 });
  assert.deepEqual(fitted(shape(64, 64), 168, 1.5), { height: (64 * 3) / 1.5, width: (64 * 3) / 1.5 });
  assert.deepEqual(fitted(shape(512, 256), 168), { height: 168, width: 84 });
});

test("the difference is the mean over the channels, and its error the mean of squares", () => {
  const [a, b] = [Float32Array.of(0, 0.5, 1, 1, 1, 1), Float32Array.of(0.5, 0.5, 0, 1, 1, 0.25)];
  assert.deepEqual(Array.from(difference(a, b, 3)), [0.5, 0.25]);
  assert.equal(meanSquared(Float32Array.of(0, 1), Float32Array.of(1, 1)), 0.5);
  assert.equal(percentile(Float32Array.from({ length: 100 }, (_, i) => 99 - i), 0.99), 99);
  assert.equal(percentile(new Float32Array(0), 0.99), 0);
});

test("colours of a difference go from white over red to nearly black, and stay there", () => {
  assert.deepEqual([0, 0.5, 1, 7].map(magnitude), [[255, 255, 255], [216, 71, 43], [58, 6, 16], [58, 6, 16]]);
});

test("an error's share counts the images below it; those without an error do not count", () => {
  const sorted = ascending(Float32Array.of(4, NaN, 1, 2, 3));
  assert.deepEqual([0, 1, 2.5, 4, 9].map((value) => shareBelow(sorted, value)), [0, 0, 0.5, 0.75, 1]);
  assert.equal(errorText(2.5, sorted), "error 2.5, larger than that of 50 % of 4 images");
  assert.equal(errorText(0.01, null), "error .01");
  assert.equal(shareBelow(new Float32Array(0), 1), 0);
});

test("only an image above all others has an error larger than that of 100 %", () => {
  const sorted = Float32Array.from({ length: 10000 }, (_, i) => i);
  assert.match(errorText(9998.5, sorted), /99\.9 %/);
  assert.match(errorText(1e6, sorted), /100 %/);
});

test("latent neighbours are near or far on the map, and each point is in one set", () => {
  assert.deepEqual(neighbourSets([5, 3, 8], [8, 9, 5]), { near: [5, 8], far: [3], mapOnly: [9] });
});

test("an arrow goes to the neighbour in its direction, and nowhere if there is none", () => {
  const at = [[10, 1], [3, 9], [-4, 0], [30, 0]];
  assert.deepEqual([[1, 0], [0, 1], [-1, 0], [0, -1]].map(([x, y]) => inDirection(at, [0, 0], x, y)), [0, 1, 2, -1]);
});

test("going back and forward passes the picked points; a new one drops what lay ahead", () => {
  const history = new History();
  [4, 4, 7, 9].forEach((point) => history.add(point));
  assert.deepEqual([history.move(-1), history.move(-1), history.canMove(-1), history.move(1)], [7, 4, false, 7]);
  history.add(7); // shown already
  assert.equal(history.canMove(1), true);
  history.add(2);
  assert.deepEqual([history.canMove(1), history.move(-1)], [false, 7]);
});

test("moving along the directions undoes measuring the scores", () => {
  const directions = { mean: Float32Array.of(1, 1, 1), components: Float32Array.of(1, 0, 0, 0, 0, 1), ranges: Float32Array.of(-1, 1, -2, 2) };
  const latent = Float32Array.of(3, 5, 0);
  const from = scores(latent, directions);
  assert.deepEqual(Array.from(from), [2, -1]);
  assert.deepEqual(Array.from(moved(latent, from, from, directions)), [3, 5, 0]);
  assert.deepEqual(Array.from(moved(latent, from, Float32Array.of(0, 2), directions)), [1, 5, 3]);
  assert.deepEqual([span(directions, 0, 2), span(directions, 1, 0)], [[-1, 2], [-2, 2]]);
});

test("directions are sorted by size, equal ones in their order", () => {
  assert.deepEqual(largestFirst([1, 5, 5, 7]), [3, 1, 2, 0]);
});

test("a line has both ends, and each step the label of the nearer end", () => {
  const [a, b] = [Float32Array.of(0, 2), Float32Array.of(4, 2)];
  assert.deepEqual(Array.from(along(a, b, even(3))), [0, 2, 2, 2, 4, 2]);
  assert.deepEqual(Array.from(mixed(a, b, 0.25)), [1, 2]);
  assert.deepEqual(Array.from(labelsAlong(7, 3, even(5))), [7, 7, 3, 3, 3]);
});

test("the ends of a line are not their own nearest neighbours", () => {
  assert.equal(nearestOther(Int32Array.of(4, 9, 2), Float32Array.of(0, 1, 2), [4, 9]), 2);
  assert.ok(Number.isNaN(nearestOther(Int32Array.of(4), Float32Array.of(0), [4, 9])));
  assert.equal(median([5, NaN, 1, 3]), 3);
});

test("the majority is by weight and leaves out points without a label", () => {
  const pack = { labels: Int32Array.of(-1, 3, 3, 8) } as Pack;
  assert.equal(majority(pack, [0, 1, 2, 3], [9, 1, 1, 1.5]), 3);
  assert.equal(majority(pack, [0, 1, 3], [9, 1, 1.5]), 8);
  assert.equal(majority(pack, [0]), undefined);
});

test("the command names rows of the test split, and there is none for others", () => {
  const pack = {
    facts: { splits: ["train", "test"], commands: { interp: "hourglass visualize mnist_32 --only interp" } },
    split: Uint8Array.of(1, 1, 0),
    rows: Int32Array.of(17, 245, 3),
  } as unknown as Pack;
  assert.equal(interpCommand(pack, 0, 1), 'hourglass visualize mnist_32 --only interp --interpolate "#17:#245"');
  assert.equal(interpCommand(pack, 0, 2), null);
});

test("a copied latent vector has the digits that tell float32 numbers apart", () => {
  const latent = Float32Array.of(0.1, -2, 1e-9);
  assert.deepEqual(Float32Array.from(JSON.parse(latentText(latent, "json"))), latent);
  assert.deepEqual(Float32Array.from(latentText(latent, "csv").split(",").map(Number)), latent);
});

test("while one piece of work goes on, only the last of the inputs waits", async () => {
  const done: number[] = [];
  const failures: string[] = [];
  let finish = () => {};
  const ask = latest(async (input: number) => {
    await new Promise<void>((resolve) => (finish = resolve));
    if (input === 3) throw new Error("three");
    done.push(input);
  }, (why) => failures.push(why));
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  for (const input of [1, 2, 3]) ask(input);
  finish();
  await settle();
  finish();
  await settle();
  ask(4);
  finish();
  await settle();
  assert.deepEqual([done, failures], [[1, 4], ["three"]]);
});

test("the steps of a line are at least 72 pixels large, by whole factors where eleven then have room", () => {
  assert.deepEqual([28, 32, 64, 8, 200].map((side) => lineSide(shape(side, side))), [
    { side: 84, whole: true }, { side: 96, whole: true }, { side: 84, whole: false }, { side: 72, whole: true }, { side: 84, whole: false },
  ]);
  assert.deepEqual(fitted(shape(64, 32), 84, 0), { height: 84, width: 42 });
});
