import assert from "node:assert/strict";
import test from "node:test";
import { classColours, colouring, colourings, scaleOf, shade } from "../src/colour";
import { smallPack } from "./small_pack";

/** Lightness in OKLab (Ottosson 2020). */
function lightness(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((value) => (value /= 255) && (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
}

test("the scale goes evenly towards what stands out from the paper", () => {
  for (const dark of [false, true]) {
    const steps = Array.from({ length: 11 }, (_, i) => lightness(shade(i / 10, dark)) * (dark ? 1 : -1));
    const rises = steps.slice(1).map((value, i) => value - steps[i]);
    assert.ok(Math.min(...rises) > 0, `${rises}`);
    assert.ok(Math.max(...rises) < 3 * Math.min(...rises), `${rises}`);
  }
});

test("few classes have palettes of their own, many repeat the ten", () => {
  assert.deepEqual([1, 6, 7, 8, 9, 200].map((classes) => classColours(classes).length), [6, 6, 8, 8, 10, 10]);
  const pack = smallPack();
  pack.labels = Int32Array.of(0, 1, 2, 10, 12, -1);
  const { rgb, groups } = colouring(pack, "label", false);
  assert.deepEqual([...rgb.subarray(0, 3)], [...rgb.subarray(9, 12)]);
  assert.equal(groups!.length, 13);
  assert.equal(groups![12].name, "12");
  assert.notDeepEqual([...rgb.subarray(15, 18)], [...rgb.subarray(0, 3)], "no class has a colour of its own");
});

test("a far value does not make the others alike", () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => i / 1000);
  values[7] = 1e6;
  const { low, high, above, below, unknown } = scaleOf(values, false);
  assert.ok(low < 0.02 && high < 1.01, `${low} ${high}`);
  assert.deepEqual([above, below, unknown], [true, true, 0]);
});

test("values that were not measured are grey and counted", () => {
  const { rgb, scale } = colouring(smallPack(), "error", false);
  const grey = [...rgb.subarray(15, 18)];
  assert.ok(Math.max(...grey) - Math.min(...grey) < 16);
  assert.equal(scale!.unknown, 1);
  assert.equal(Number.isNaN(scaleOf(Float32Array.of(NaN), false).low), true);
});

test("small trust stands out as a large error does", () => {
  const pack = smallPack();
  const trust = colouring(pack, "trustworthiness", false).rgb;
  const error = colouring(pack, "error", false).rgb;
  assert.ok(lightness([...trust.subarray(0, 3)]) < lightness([...trust.subarray(3, 6)]));
  assert.ok(lightness([...error.subarray(12, 15)]) < lightness([...error.subarray(0, 3)]));
});

test("only what the pack has is offered", () => {
  assert.deepEqual(colourings(smallPack()).map(([key]) => key), ["label", "error", "trustworthiness", "split", "column:mean", "column:far off"]);
  const bare = { ...smallPack(), labels: null, error: null, trustworthiness: null, split: null, columns: new Map() };
  assert.deepEqual(colourings(bare), [["", "nothing"]]);
});
