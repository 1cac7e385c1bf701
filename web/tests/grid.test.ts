import assert from "node:assert/strict";
import test from "node:test";
import { Grid } from "../src/map/grid";
import { combine, pointsInside, Polygon } from "../src/map/lasso";
import { crowding, thin } from "../src/map/thin";
import { scatter } from "./scatter";

test("the nearest point is the one that a look at all points finds, inside and outside of the map", () => {
  for (const n of [1, 2, 50, 3000]) {
    const positions = scatter(n);
    const grid = new Grid(positions);
    for (let i = 0; i < 400; ++i) {
      const [x, y] = scatter(1, i + 1).map((value) => 2.5 * value);
      const off = (point: number) => (positions[2 * point] - x) ** 2 + (positions[2 * point + 1] - y) ** 2;
      let best = 0;
      for (let point = 1; point < n; ++point) if (off(point) < off(best)) best = point;
      assert.equal(off(grid.nearest(x, y, Infinity)), off(best));
      assert.equal(grid.nearest(x, y, Math.sqrt(off(best)) * 0.999), -1);
    }
  }
});

test("only wanted points are found", () => {
  const grid = new Grid(scatter(500));
  assert.equal(grid.nearest(0, 0, Infinity, (point) => point === 321), 321);
  assert.equal(grid.nearest(0, 0, Infinity, () => false), -1);
});

test("points that lie on one place, on a line, or nowhere are no problem", () => {
  assert.ok(new Grid(new Float32Array(2000)).nearest(1, 1, Infinity) >= 0);
  const line = Float32Array.from({ length: 2000 }, (_, i) => (i % 2 ? 0 : i));
  assert.equal(new Grid(line).nearest(1001, 3, Infinity), 500);
  assert.equal(new Grid(Float32Array.of(NaN, NaN, 1, 1)).nearest(0, 0, Infinity), 1);
  assert.equal(new Grid(new Float32Array(0)).nearest(0, 0, Infinity), -1);
});

test("a lasso takes the points that crossing edges counts, of any shape", () => {
  const positions = scatter(4000);
  const grid = new Grid(positions);
  const star = Array.from({ length: 61 }, (_, i): [number, number] => {
    const angle = (i * 26 * Math.PI) / 61;
    return [Math.cos(angle) * (0.4 + 0.3 * Math.sin(5 * angle)), Math.sin(angle) * 0.8];
  });
  const inside = (x: number, y: number) => {
    let odd = false;
    star.forEach(([x0, y0], i) => {
      const [x1, y1] = star[(i + 1) % star.length];
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) odd = !odd;
    });
    return odd;
  };
  const expected = Array.from({ length: 4000 }, (_, i) => i).filter((i) => i % 3 > 0 && inside(positions[2 * i], positions[2 * i + 1]));
  assert.deepEqual([...pointsInside(grid, new Polygon(star), (point) => point % 3 > 0)], expected);
  assert.ok(expected.length > 300);
});

test("a lasso over 70,000 points takes at most 20 ms", () => {
  const grid = new Grid(scatter(70_000));
  const corners = Array.from({ length: 400 }, (_, i): [number, number] => {
    const angle = (i * 2 * Math.PI) / 400;
    return [Math.cos(angle) * (0.9 + 0.05 * Math.sin(40 * angle)), Math.sin(angle)];
  });
  const times = [0, 1, 2, 3, 4, 5, 6].map(() => {
    const begin = performance.now();
    pointsInside(grid, new Polygon(corners), () => true);
    return performance.now() - begin;
  });
  assert.ok(Math.min(...times) < 20, `${times} ms`);
});

test("Shift adds to a selection, Alt takes away, and an empty one is none", () => {
  const before = Int32Array.of(1, 5, 9);
  assert.deepEqual(combine(before, Int32Array.of(2), "new"), Int32Array.of(2));
  assert.deepEqual(combine(before, Int32Array.of(10, 2, 5), "add"), Int32Array.of(1, 2, 5, 9, 10));
  assert.deepEqual(combine(before, Int32Array.of(1, 9), "remove"), Int32Array.of(5));
  assert.equal(combine(before, before, "remove"), null);
  assert.equal(combine(null, Int32Array.of(1), "remove"), null);
  assert.equal(combine(before, new Int32Array(0), "new"), null);
});

const everything = { left: -1, right: 1, bottom: -1, top: 1 };

test("thinned images lie in different cells and never cover each other", () => {
  const positions = scatter(5000);
  const [cell, side] = [0.1, 0.08];
  const kept = thin(new Grid(positions), everything, cell, side, () => true);
  assert.ok(kept.length > 150, `${kept.length}`);
  for (const a of kept) {
    for (const b of kept) {
      const apart = Math.max(Math.abs(positions[2 * a] - positions[2 * b]), Math.abs(positions[2 * a + 1] - positions[2 * b + 1]));
      assert.ok(a === b || apart >= 0.8 * side);
    }
  }
});

test("moving the map changes no image that stays in sight", () => {
  const positions = scatter(5000);
  const grid = new Grid(positions);
  const seen = (box: typeof everything) => new Set(thin(grid, box, 0.1, 0.08, () => true));
  const [here, there] = [seen({ left: -0.5, right: 0.5, bottom: -0.5, top: 0.5 }), seen({ left: -0.33, right: 0.67, bottom: -0.21, top: 0.79 })];
  for (const point of here) {
    const [x, y] = [positions[2 * point], positions[2 * point + 1]];
    if (x > -0.33 && x < 0.5 && y > -0.21 && y < 0.5) assert.ok(there.has(point), `${point} at ${x}, ${y}`);
  }
});

test("only wanted points have images", () => {
  const kept = thin(new Grid(scatter(2000)), everything, 0.1, 0.08, (point) => point % 2 === 0);
  assert.ok(kept.length > 100 && kept.every((point) => point % 2 === 0));
});

test("crowding is the number of points in an occupied cell", () => {
  const positions = Float32Array.of(0.1, 0.1, 0.2, 0.2, 0.3, 0.3, 5.5, 5.5);
  assert.equal(crowding(positions, 1, { left: 0, bottom: 0, right: 6, top: 6 }), 2);
  assert.equal(crowding(positions, 0.001, { left: 0, bottom: 0, right: 6, top: 6 }), 1);
});
