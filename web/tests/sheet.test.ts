import assert from "node:assert/strict";
import test from "node:test";
import { loupeAt } from "../src/loupe";
import { nearestHeight } from "../src/sheet";

const sizes = [150, 400, 800];

test("the sheet takes the nearest of its heights", () => {
  assert.deepEqual([100, 260, 290, 590, 610, 900].map((pixels) => nearestHeight(pixels, sizes, 0)), [0, 0, 1, 1, 2, 2]);
});

test("a flick takes the sheet one height further than it was dragged", () => {
  assert.equal(nearestHeight(170, sizes, 1), 1);
  assert.equal(nearestHeight(170, sizes, -1), 0);
  assert.equal(nearestHeight(420, sizes, 1), 2);
  assert.equal(nearestHeight(390, sizes, -1), 0);
  assert.equal(nearestHeight(900, sizes, 1), 2);
  assert.equal(nearestHeight(100, sizes, -1), 0);
});

test("the loupe is above the finger, inside the map, and never under the finger", () => {
  for (const x of [0, 50, 200, 389]) {
    for (const y of [0, 60, 150, 160, 400]) {
      const [left, top] = loupeAt(x, y, 390);
      assert.ok(left >= 0 && left + 128 <= 390 && top >= 0, `${x} ${y}`);
      assert.ok(!(x >= left && x <= left + 128 && y >= top && y <= top + 128), `${x} ${y}`);
    }
  }
});
