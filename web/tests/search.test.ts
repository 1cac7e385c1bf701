import assert from "node:assert/strict";
import test from "node:test";
import { fields, parseSearch } from "../src/search";
import { smallPack } from "./small_pack";

const pack = smallPack();

function found(text: string): number[] {
  const { test: passes, problem } = parseSearch(text, pack);
  assert.equal(problem, null, text);
  return [0, 1, 2, 3, 4, 5].filter(passes);
}

test("each term finds the points that it names", () => {
  const cases: [string, number[]][] = [
    ["", [0, 1, 2, 3, 4, 5]],
    ["label:cat", [0, 3]],
    ["label:1", [1, 4]],
    ["label:cat,dog", [0, 1, 3, 4]],
    ["class:DOG", [1, 4]],
    ["label:o", [1, 4, 2]],
    ["row:11", [1]],
    ["row:10,12", [0, 2]],
    ["row:11..13", [1, 2, 3]],
    ["row>=14", [4, 5]],
    ["error>.02", [3, 4]],
    ["error>=.02", [2, 3, 4]],
    ["error:.02", [2]],
    ["error<0.02", [0, 1]],
    ["trust<.9", [0]],
    ["name:b.png", [1]],
    ['name:"two words"', [2]],
    ["split:test", [4, 5]],
    ["mean>3", [4, 5]],
    ['"far off"<0', [5]],
    ["label:cat error>.02", [3]],
    ["two", [2]],
    ["red", [2]],
    ["dog", [1, 4]],
  ];
  for (const [text, points] of cases) assert.deepEqual(found(text).sort(), points.sort(), text);
});

test("a value that was not measured passes no comparison", () => {
  assert.ok(!found("error>0").includes(5));
  assert.ok(!found("error<1").includes(5));
});

test("a wrong word gets one sentence and leaves out nothing", () => {
  const cases: [string, RegExp][] = [
    ["label:cow", /^No class is called cow\.$/],
    ["weight>3", /no weight here; there are row, label, name, split, error, trustworthiness, mean, "far off"/],
    ["error>big", /^error>big: big is not a number\.$/],
    ["label>3", /no order/],
    ["row:", /lacks a value/],
    ["split:valid", /no split valid here; there is train and test/],
  ];
  for (const [text, sentence] of cases) {
    const { test: passes, problem } = parseSearch(text, pack);
    assert.match(problem ?? "", sentence);
    assert.ok([0, 1, 2, 3, 4, 5].every(passes), text);
  }
});

test("what a pack lacks is said", () => {
  const bare = { ...pack, labels: null, names: null, error: null, facts: { ...pack.facts, class_names: [] } };
  assert.match(parseSearch("label:7", bare).problem!, /no labels/);
  assert.match(parseSearch("name:a", bare).problem!, /no names/);
  assert.match(parseSearch("error>1", bare).problem!, /no error here/);
  assert.match(parseSearch("cat", bare).problem!, /no term/);
  assert.deepEqual(fields(bare), ["row", "split", "trustworthiness", "mean", '"far off"']);
});

test("no text makes the search fail", () => {
  const parts = ["label", "row", ":", ">", "<=", "=", '"', ",", "..", "7", "cat", " ", "\\", "(", "é", "1e999", "-"];
  let state = 7;
  for (let i = 0; i < 3000; ++i) {
    let text = "";
    for (let k = 0; k < 8; ++k) text += parts[(state = (state * 48271) % 2147483647) % parts.length];
    const { test: passes } = parseSearch(text, pack);
    for (let point = 0; point < 6; ++point) assert.equal(typeof passes(point), "boolean", text);
  }
});
