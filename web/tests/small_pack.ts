// Six points with everything that a pack may have.

import type { Pack } from "../src/pack";

export function smallPack(): Pack {
  return {
    count: 6,
    facts: {
      title: "small", kind: "AE", dataset: "small", latent_dim: 2, epoch: 5, test_mse: 0.01,
      shape: { height: 2, width: 2, channels: 1 }, class_names: ["cat", "dog", "red fox"], takes_labels: false,
      centred_digits: false, splits: ["train", "test"], epochs: [], map_method: "UMAP", scores: null, scored_rows: 0,
      total: 6, missing: [], commands: {},
    },
    maps: [Float32Array.of(0, 0, 1, 0, 2, 0, 0, 1, 1, 1, 2, 1)],
    latents: null,
    images: null,
    labels: Int32Array.of(0, 1, 2, 0, 1, -1),
    split: Uint8Array.of(0, 0, 0, 0, 1, 1),
    rows: Int32Array.of(10, 11, 12, 13, 14, 15),
    names: ["a.png", "b.png", "two words.png", "d.png", "e.png", "f.png"],
    error: Float32Array.of(0.001, 0.01, 0.02, 0.03, 0.04, NaN),
    trustworthiness: Float32Array.of(0.5, 1, 1, 1, 1, 0.95),
    continuity: null,
    overlap: null,
    columns: new Map([["mean", Float32Array.of(0, 1, 2, 3, 4, 5)], ["far off", Float32Array.of(1, 1, 1, 1, 1, -1)]]),
    directions: null,
  };
}
