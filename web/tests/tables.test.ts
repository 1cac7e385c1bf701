import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import type { Pack } from "../src/pack";
import { csv, field, digits } from "../src/panels/csv";
import { npy } from "../src/panels/npy";

test("an npy file has the header of version 1.0, padded to 64 bytes", () => {
  const bytes = npy(Int32Array.of(7, -1), [2]);
  assert.deepEqual([...bytes.subarray(0, 8)], [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  const length = bytes[8] + 256 * bytes[9];
  assert.equal((10 + length) % 64, 0);
  const header = new TextDecoder().decode(bytes.subarray(10, 10 + length));
  assert.match(header, /^{'descr': '<i4', 'fortran_order': False, 'shape': \(2,\), } *\n$/);
  assert.deepEqual([...new Int32Array(bytes.slice(10 + length).buffer)], [7, -1]);
});

test("an npy file of a part of a larger buffer holds that part", () => {
  const whole = Float32Array.of(0, 1, 2, 3, 4);
  const bytes = npy(whole.subarray(1, 5), [2, 2]);
  assert.deepEqual([...new Float32Array(bytes.slice(bytes.length - 16).buffer)], [1, 2, 3, 4]);
});

test("values that do not fill the shape are refused", () => {
  assert.throws(() => npy(Int32Array.of(1), [2, 2]), /1 values are not of shape 2,2/);
});

function hasNumpy(): boolean {
  try {
    execFileSync("/usr/bin/python3", ["-c", "import numpy"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test("numpy reads the file", { skip: !hasNumpy() && "numpy is missing" }, () => {
  const folder = mkdtempSync(join(tmpdir(), "hourglass-npy-"));
  try {
    writeFileSync(join(folder, "a.npy"), npy(Float32Array.of(0.1, -2, 3, 4e-30, 5, 6), [3, 2]));
    const program = "import numpy, sys; a = numpy.load(sys.argv[1]); print(a.dtype, a.shape, a.tolist() == numpy.float32([[.1, -2], [3, 4e-30], [5, 6]]).tolist())";
    assert.equal(execFileSync("/usr/bin/python3", ["-c", program, join(folder, "a.npy")]).toString(), "float32 (3, 2) True\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("numbers have digits that read back as the same 32-bit number", () => {
  assert.equal(digits(Math.fround(0.1)), "0.1");
  assert.equal(digits(NaN), "");
  assert.equal(digits(0), "0");
  for (const value of [1 / 3, 16777217, 1e-40, -3.4e38, 0.00382]) {
    assert.equal(Math.fround(Number(digits(Math.fround(value)))), Math.fround(value));
  }
});

test("fields are quoted where a reader would else cut them", () => {
  assert.equal(field("cat.png"), "cat.png");
  assert.equal(field('a "b", c'), '"a ""b"", c"');
  assert.equal(field("two\nlines"), '"two\nlines"');
  assert.equal(field(" x"), '" x"');
});

test("a table has each column of the pack, by the points' own rows", async () => {
  const pack = {
    count: 2,
    facts: { splits: ["train", "test"], class_names: ["zero, none", "one"] },
    rows: Int32Array.of(41, 42),
    split: Uint8Array.of(0, 1),
    names: ["a,b.png", "c.png"],
    labels: Int32Array.of(-1, 0),
    error: Float32Array.of(NaN, 0.25),
    trustworthiness: null,
    continuity: null,
    overlap: null,
    columns: new Map([["age", Float32Array.of(3, 4)]]),
    latents: Float32Array.of(1, 2, 3, 0.1),
  } as unknown as Pack;
  const parts = await csv(pack, Float32Array.of(0, 0, 5, 6), Int32Array.of(1, 0));
  assert.deepEqual(parts.join("").match(/.*\r\n/g), [
    "row,split,name,label,class,error,age,map_x,map_y,latent_0,latent_1\r\n",
    '42,test,c.png,0,"zero, none",0.25,4,5,6,3,0.1\r\n',
    '41,train,"a,b.png",,,,3,0,0,1,2\r\n',
  ]);
});

test("a table of many rows comes in pieces and misses none", async () => {
  const count = 2500;
  const rows = Int32Array.from({ length: count }, (_, i) => i);
  const nothing = { split: null, names: null, labels: null, error: null, trustworthiness: null, continuity: null, overlap: null, latents: null };
  const pack = { count, facts: { splits: [] }, rows, columns: new Map(), ...nothing } as unknown as Pack;
  const parts = await csv(pack, new Float32Array(2 * count), rows);
  assert.equal(parts.length, 4);
  assert.deepEqual(parts.join("").split("\r\n").slice(1, -1), Array.from(rows, (row) => `${row},0,0`));
});
