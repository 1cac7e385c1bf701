import assert from "node:assert/strict";
import test from "node:test";
import { classMeans, sortClasses, worstFirst, worstOfEachClass } from "../src/panels/rank";

const error = Float32Array.of(0.5, 0.25, NaN, 0.75, 0.5, 1);
const labels = Int32Array.of(0, 1, 1, 1, -1, 0);
const all = () => true;

test("the largest error comes first, equal ones in point order, unknown ones not at all", () => {
  assert.deepEqual([...worstFirst(error, "error", all)], [5, 3, 0, 4, 1]);
});

test("the lowest trustworthiness comes first", () => {
  assert.deepEqual([...worstFirst(error, "trustworthiness", all)], [1, 0, 4, 3, 5]);
});

test("points that are not shown are not ranked", () => {
  assert.deepEqual([...worstFirst(error, "error", (point) => point !== 5 && point !== 4)], [3, 0, 1]);
});

test("each class has one worst point, the worst class first", () => {
  assert.deepEqual([...worstOfEachClass(worstFirst(error, "error", all), labels)], [5, 3, 4]);
});

test("the class table has count and mean of the points with a value", () => {
  assert.deepEqual(classMeans(worstFirst(error, "error", all), error, labels), [
    { label: -1, count: 1, mean: 0.5 },
    { label: 0, count: 2, mean: 0.75 },
    { label: 1, count: 2, mean: 0.5 },
  ]);
});

test("the class table sorts by each column, equal rows in label order", () => {
  const rows = classMeans(worstFirst(error, "error", all), error, labels);
  const order = (by: "label" | "count" | "mean", down: boolean) => sortClasses(rows, by, down).map((row) => row.label);
  assert.deepEqual(order("mean", true), [0, -1, 1]);
  assert.deepEqual(order("mean", false), [-1, 1, 0]);
  assert.deepEqual(order("count", true), [0, 1, -1]);
  assert.deepEqual(order("label", true), [1, 0, -1]);
});
