// What the page shows: points with their images, latent vectors, maps and scores, from the pack
// that `hourglass explore` makes (docs/formats.md, "The pack of the explorer"). Not a file: the
// format is read by safetensors.ts.

import { Tensors } from "./safetensors";

export interface Shape {
  height: number;
  width: number;
  channels: number;
}

/** A slider of the panel Axes: a direction through the latent space. */
export interface Directions {
  mean: Float32Array; // [d]
  components: Float32Array; // [k, d], of norm 1, largest variance first
  ranges: Float32Array; // [k, 2], the 1st and 99th percentile of the scores
}

/** The metadata `facts` of the pack: everything that is not an array of numbers. */
export interface Facts {
  title: string; // "mnist_32", or the name of a file
  kind: string | null; // "AE"; null without a model
  dataset: string;
  latent_dim: number;
  epoch: number | null;
  test_mse: number | null;
  shape: Shape | null; // of images; null without images and model
  class_names: string[]; // in label order; empty without labels
  takes_labels: boolean; // whether the decoder needs a label
  centred_digits: boolean; // drawings are centred as MNIST's digits are
  fit: "stretch" | "crop" | "pad"; // how images of another aspect were brought to `shape`
  background: string; // below transparent images: "black", "white" or "#rrggbb"
  splits: string[]; // the names for Pack.split
  epochs: number[]; // of `maps`, in order; empty for a map that no training made
  map_method: string; // "UMAP", or "given"
  scores: { trustworthiness: number; continuity: number; neighbour_overlap: number; k: number } | null;
  scored_rows: number; // on which the scores were measured
  total: number; // images or rows there are; more than `count` where --limit left some out
  missing: string[]; // what the page cannot do and why, a sentence each
  commands: { [what: string]: string }; // the beginning of commands: "interp", "recon", "worst", "encode"
}

export interface Pack {
  count: number; // points
  facts: Facts;
  maps: Float32Array[]; // [count, 2] each; the last one is the map of the model
  latents: Float32Array | null; // [count, latent_dim]
  images: Uint8Array | null; // [count, height * width * channels], 0..255
  labels: Int32Array | null; // [count], -1: none
  split: Uint8Array | null; // [count], an index of facts.splits
  rows: Int32Array; // [count], the row in its split or file: what the page calls "row"
  names: string[] | null; // [count], of the images' files
  error: Float32Array | null; // [count], mean squared error of the reconstruction; NaN: not known
  trustworthiness: Float32Array | null; // [count], 0..1; NaN where it was not measured
  continuity: Float32Array | null;
  overlap: Float32Array | null;
  columns: Map<string, Float32Array>; // [count] other numbers of the rows, by name
  directions: Directions | null;
}

export function readPack(tensors: Tensors): Pack {
  const facts = JSON.parse(tensors.metadata["facts"] ?? "null") as Facts | null;
  const all = tensors.f32("maps");
  const rows = tensors.i32("rows");
  if (!facts || !all || !rows) throw new Error("the pack lacks its facts, maps or rows");
  const count = rows.length;
  const maps: Float32Array[] = [];
  for (let begin = 0; begin < all.length; begin += 2 * count) maps.push(all.subarray(begin, begin + 2 * count));
  const columns = new Map<string, Float32Array>();
  for (const name of tensors.names()) {
    if (name.startsWith("column.")) columns.set(name.slice("column.".length), tensors.f32(name)!);
  }
  const mean = tensors.f32("directions.mean");
  const components = tensors.f32("directions.components");
  const ranges = tensors.f32("directions.ranges");
  const names = tensors.metadata["names"];
  return {
    count,
    facts,
    maps,
    latents: tensors.f32("latents"),
    images: tensors.u8("images"),
    labels: tensors.i32("labels"),
    split: tensors.u8("split"),
    rows,
    names: names === undefined ? null : (JSON.parse(names) as string[]),
    error: tensors.f32("error"),
    trustworthiness: tensors.f32("trustworthiness"),
    continuity: tensors.f32("continuity"),
    overlap: tensors.f32("overlap"),
    columns,
    directions: mean && components && ranges ? { mean, components, ranges } : null,
  };
}

/** "row 4,217": how the page names a point. */
export function rowName(pack: Pack, point: number): string {
  const split = pack.split && pack.facts.splits.length > 1 ? pack.facts.splits[pack.split[point]] + " " : "";
  return `${split}row ${pack.rows[point].toLocaleString("en")}`;
}

/** The class of a point, or "" if it has none. */
export function className(pack: Pack, point: number): string {
  const label = pack.labels ? pack.labels[point] : -1;
  return label < 0 ? "" : pack.facts.class_names[label] ?? String(label);
}
