import assert from "node:assert/strict";
import test from "node:test";
import { densestMembers } from "../src/map/medoid";
import { commonPrefix, placeNames, shorten } from "../src/map/names";
import { dimmedFirst, drawOrder, uncovered } from "../src/map/renderer";
import { scatter } from "./scatter";

const wide = (text: string) => 8 * text.length;

test("names never cover each other", () => {
  const at = scatter(60);
  const names = Array.from({ length: 60 }, (_, i) => ({ text: `name ${i}`, x: 200 + 150 * at[2 * i], y: 200 + 150 * at[2 * i + 1], importance: -i }));
  const placed = placeNames(names, 14, wide);
  assert.ok(placed.length > 20);
  assert.ok(placed.some(({ text }) => text === "name 0"));
  for (const a of placed) {
    for (const b of placed) {
      const covers = Math.abs(a.left - b.left) < (wide(a.text) + wide(b.text)) / 2 && Math.abs(a.top - b.top) < 14;
      assert.ok(a === b || !covers, `${a.text} and ${b.text}`);
    }
  }
});

test("few names are all placed, alone at their place", () => {
  const names = ["a", "b", "c"].map((text, i) => ({ text, x: 100 * i, y: 50, importance: 0 }));
  assert.deepEqual(placeNames(names, 14, wide).map(({ text, left, top }) => [text, left, top]), [["a", 0, 50], ["b", 100, 50], ["c", 200, 50]]);
  assert.equal(placeNames(Array(5).fill(names[0]), 14, wide).length, 5);
});

test("a name stands at a member of its class where the class is densest", () => {
  const positions = scatter(400);
  for (let i = 0; i < 60; ++i) positions.set([0.5 + 0.01 * Math.cos(i), -0.5 + 0.01 * Math.sin(i)], 2 * i);
  const labels = Int32Array.from({ length: 400 }, (_, i) => (i < 60 || i % 2 ? 0 : 1));
  const [first, second, third] = densestMembers(positions, labels, 3);
  assert.ok(Math.hypot(positions[2 * first] - 0.5, positions[2 * first + 1] + 0.5) < 0.02);
  assert.equal(labels[second], 1);
  assert.equal(third, -1);
});

test("long names lose their middle, all names what they begin with", () => {
  assert.equal(shorten("a name of more than twenty-four letters"), "a name of m…our letters");
  assert.equal(shorten("short"), "short");
  assert.equal(commonPrefix(["class one", "class two"]), "class ");
  assert.equal(commonPrefix(["ab", "ac"]), "");
  assert.equal(commonPrefix(["a_x", "a_"]), "");
  assert.equal(commonPrefix(["one"]), "");
});

test("the order of drawing is a random one, the same each time, the dimmed first", () => {
  const order = drawOrder(1000);
  assert.deepEqual(drawOrder(1000), order);
  assert.deepEqual([...order].sort((a, b) => a - b), Array.from({ length: 1000 }, (_, i) => i));
  const halves = order.filter((point, i) => point < 500 === i < 500).length;
  assert.ok(halves > 400 && halves < 600, `${halves}`);
  const active = Uint8Array.from({ length: 1000 }, (_, i) => (i % 4 === 0 ? 1 : 0));
  const { order: sorted, dimmed } = dimmedFirst(order, active);
  assert.equal(dimmed, 750);
  assert.ok(sorted.every((point, i) => active[point] === (i < 750 ? 0 : 1)));
});

test("of dots that cover each other the last stays, and none that lies alone is left out", () => {
  const positions = scatter(4000);
  const sorted = dimmedFirst(drawOrder(4000), Uint8Array.from({ length: 4000 }, (_, i) => i % 2));
  const box = { left: -0.5, right: 0.7, bottom: -1, top: 1 };
  const { order, dimmed } = uncovered(sorted, positions, box, 0.05);
  const cell = (point: number) => `${Math.floor(positions[2 * point] / 0.05)} ${Math.floor(positions[2 * point + 1] / 0.05)}`;
  const last = new Map<string, number>();
  for (const point of sorted.order) {
    if (positions[2 * point] >= box.left && positions[2 * point] <= box.right) last.set(cell(point), point);
  }
  assert.deepEqual([...order].sort(), [...last.values()].sort());
  assert.ok(order.every((point, i) => point % 2 === (i < dimmed ? 0 : 1)));
  const all = { left: -1, right: 1, bottom: -1, top: 1 };
  assert.deepEqual([...uncovered(sorted, positions, all, 1e-4).order].length, 4000, "cells beyond counting");
});
