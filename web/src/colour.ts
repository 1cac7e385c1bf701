// Colours of points: by class, from Petroff's palettes (arXiv 2107.02270), or by value, from a scale
// of even steps in OKLab. The same as in hourglass's figures.

import type { Pack } from "./pack";

export type Rgb = readonly [number, number, number];

const kSix = "5790fc f89c20 e42536 964a8b 9c9ca1 7a21dd";
const kEight = "1845fb ff5e02 c91f16 c849a9 adad7d 86c8dd 578dff 656364";
const kTen = "b9ac70 a96b59 e76300 832db6 92dadd bd1f01 717581 3f90da 94a4a2 ffa90e";
// From pale to dark; equal steps for the colour-blind too.
const kShades = "ded5b0 d3b378 cc8e3f c16710 b23d0a 941f27 700c39 480b3b 21092b".split(" ").map(hex);
const kPlain: Rgb = [0x3f, 0x90, 0xda];
const kUnknown: Rgb = [0x9a, 0xa0, 0xa6]; // no class, or not measured

export function hex(text: string): Rgb {
  const value = parseInt(text, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export function css(colour: Rgb): string {
  return `rgb(${colour.join(",")})`;
}

/** The colours of so many classes; more than ten repeat. */
export function classColours(classes: number): Rgb[] {
  return (classes <= 6 ? kSix : classes <= 8 ? kEight : kTen).split(" ").map(hex);
}

/** The scale at t in [0, 1]; t = 1 stands out most from the paper, which is light or dark. */
export function shade(t: number, dark: boolean): Rgb {
  const held = Math.min(1, Math.max(0, t));
  // The palest or the darkest colours would be lost on their own paper.
  const at = dark ? 6 - 6 * held : 1 + 7 * held;
  const before = Math.min(7, Math.floor(at));
  const share = at - before;
  return kShades[before].map((low, i) => Math.round(low + share * (kShades[before + 1][i] - low))) as unknown as Rgb;
}

export interface Scale {
  low: number;
  high: number;
  below: boolean; // values lie below `low` too, which has their colour
  above: boolean;
  reversed: boolean; // small values stand out
  unknown: number; // points whose value was not measured
}

export interface Colouring {
  name: string; // in words
  rgb: Uint8Array; // [count, 3]
  groups: { name: string; rgb: Rgb; count: number }[] | null; // of classes or splits, by number
  scale: Scale | null;
}

/** The values of View.colour that a pack offers, with their names in words. */
export function colourings(pack: Pack): [string, string][] {
  const all: [string, string][] = [];
  if (pack.labels) all.push(["label", "label"]);
  if (pack.error) all.push(["error", "error"]);
  if (pack.trustworthiness) all.push(["trustworthiness", "trustworthiness"]);
  if (pack.continuity) all.push(["continuity", "continuity"]);
  if (pack.overlap) all.push(["overlap", "overlap"]);
  if (pack.split && pack.facts.splits.length > 1) all.push(["split", "split"]);
  for (const name of pack.columns.keys()) all.push([`column:${name}`, name]);
  if (all.length === 0) all.push(["", "nothing"]);
  return all;
}

export function colouring(pack: Pack, by: string, dark: boolean): Colouring {
  const name = colourings(pack).find(([key]) => key === by)?.[1] ?? "nothing";
  if (by === "label" && pack.labels) return byGroup(name, pack.labels, classNames(pack));
  if (by === "split" && pack.split) return byGroup(name, pack.split, pack.facts.splits);
  const values = by.startsWith("column:") ? pack.columns.get(by.slice(7)) : valuesOf(pack, by);
  if (values) return byValue(name, values, dark, by === "trustworthiness" || by === "continuity" || by === "overlap");
  const rgb = new Uint8Array(3 * pack.count);
  for (let i = 0; i < pack.count; ++i) rgb.set(kPlain, 3 * i);
  return { name, rgb, groups: null, scale: null };
}

function valuesOf(pack: Pack, by: string): Float32Array | null {
  return by === "error" || by === "trustworthiness" || by === "continuity" || by === "overlap" ? pack[by] : null;
}

/** In label order, with a number where a label has no name. */
export function classNames(pack: Pack): string[] {
  const { labels, facts } = pack;
  let most = facts.class_names.length - 1;
  if (labels) for (let i = 0; i < labels.length; ++i) if (labels[i] > most) most = labels[i];
  return Array.from({ length: Math.min(most + 1, 65536) }, (_, label) => facts.class_names[label] ?? String(label));
}

function byGroup(name: string, of: ArrayLike<number>, names: string[]): Colouring {
  const palette = classColours(names.length);
  const groups = names.map((group, i) => ({ name: group, rgb: palette[i % palette.length], count: 0 }));
  const rgb = new Uint8Array(3 * of.length);
  for (let i = 0; i < of.length; ++i) {
    const group = groups[of[i]];
    rgb.set(group ? group.rgb : kUnknown, 3 * i);
    if (group) ++group.count;
  }
  return { name, rgb, groups, scale: null };
}

function byValue(name: string, values: Float32Array, dark: boolean, reversed: boolean): Colouring {
  const scale = scaleOf(values, reversed);
  const table = Array.from({ length: 256 }, (_, i) => shade(i / 255, dark));
  const span = scale.high - scale.low || 1;
  const rgb = new Uint8Array(3 * values.length);
  for (let i = 0; i < values.length; ++i) {
    const share = Math.min(1, Math.max(0, (values[i] - scale.low) / span));
    rgb.set(Number.isFinite(values[i]) ? table[Math.round(255 * (reversed ? 1 - share : share))] : kUnknown, 3 * i);
  }
  return { name, rgb, groups: null, scale };
}

/** From the 1st to the 99th percentile, so that one far value does not make the rest alike. */
export function scaleOf(values: Float32Array, reversed: boolean): Scale {
  const known = values.filter(Number.isFinite).sort();
  const at = (share: number) => known[Math.round(share * (known.length - 1))] ?? NaN;
  const [low, high] = [at(0.01), at(0.99)];
  return { low, high, below: at(0) < low, above: at(1) > high, reversed, unknown: values.length - known.length };
}
