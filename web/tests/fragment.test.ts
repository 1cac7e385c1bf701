import assert from "node:assert/strict";
import test from "node:test";
import { readWords, writeWords } from "../src/fragment";
import type { Words } from "../src/fragment";

const all: Words = {
  camera: { x: -1.234567, y: 20.5, zoom: 3.25 },
  colour: "column:mean & more",
  picked: 17,
  search: 'label:7 error>.01 name:"a=b&c" é',
  hidden: [0, 12],
  tab: "worst",
  map: 2,
  line: [3, 5],
  saved: ["at=1,2,3&search=a|b", "pick=4"],
};

test("what is written is read", () => {
  assert.deepEqual(readWords("#" + writeWords(all)), all);
  assert.deepEqual(Object.values(readWords(writeWords({}))).filter((value) => value !== undefined), []);
});

test("writing what was read changes nothing, so that a saved view is found again", () => {
  for (const camera of [{ x: 1 / 3, y: -2e-7, zoom: 1234.56789 }, { x: 123456.789, y: 1e-20, zoom: 0.2500001 }]) {
    const text = writeWords({ ...all, camera });
    assert.equal(writeWords(readWords(text)), text);
  }
});

test("an address can be read by a person", () => {
  assert.equal(writeWords({ picked: 17, search: "label:7 error>.01", hidden: [1, 2] }), "pick=17&search=label:7+error>.01&hide=1,2");
});

test("what is cut off or edited is left out", () => {
  for (const text of ["at=1,2", "at=1,2,x", "at=1,2,-3", "at=1,2,0", "pick=a", "tab=nothing", "line=4", "hide=x", "map=", "%", "saved=%E0%A4%A"]) {
    const { saved, ...words } = readWords(text);
    const said = Object.values(words).filter((value) => value !== undefined);
    assert.ok(said.length === 0 || text === "map=", `${text}: ${said}`);
  }
});
