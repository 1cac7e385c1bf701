import assert from "node:assert/strict";
import test from "node:test";
import { describeMap, describePoint } from "../src/describe";
import { scoreLine } from "../src/facts";
import { pageNotes } from "../src/notes";
import type { Pack } from "../src/pack";

const pack = {
  count: 4,
  facts: { class_names: ["cat", "dog"], epochs: [1, 5], splits: ["test"], scores: null, map_method: "given", total: 9, shape: null, missing: ["There is no model."] },
  labels: Int32Array.of(0, 1, 1, -1),
  rows: Int32Array.of(10, 11, 12, 4217),
  split: null,
  names: null,
  error: Float32Array.of(0.25, NaN, 0, 0),
} as unknown as Pack;

test("the map in words has points, classes, epoch, score, pick and selection", () => {
  const view = { shown: Uint8Array.of(1, 1, 1, 1), picked: 0, selection: Int32Array.of(1, 2), map: 1 };
  assert.equal(describeMap(pack, view), "4 points. Classes: none: 1, cat: 1, dog: 2. The map of epoch 5. Given map, not scored. Picked: row 10 · “cat”, error .25. 2 points are selected.");
});

test("the map in words counts the points that search and legend show", () => {
  const view = { shown: Uint8Array.of(0, 0, 1, 0), picked: -1, selection: null, map: 0 };
  assert.equal(describeMap(pack, view), "1 of 4 points pass the search and the legend. Classes: dog: 1. The map of epoch 1. Given map, not scored.");
});

test("the score is said to be the last epoch's where another is shown", () => {
  const facts = { ...pack.facts, scores: { trustworthiness: 0.973 } } as unknown as Pack["facts"];
  assert.equal(scoreLine(facts, 0), "trustworthiness of the last epoch's map .973 (1 = no false neighbours)");
  assert.equal(scoreLine(facts, 1), "trustworthiness of the map .973 (1 = no false neighbours)");
});

test("a point in words has its error where it is known", () => {
  assert.equal(describePoint(pack, 1), "row 11 · “dog”");
});

test("the page says what was left out, then what is missing", () => {
  assert.deepEqual(pageNotes(pack), ["4 of 9 rows are in this page: --limit left out the others.", "There is no model."]);
});
