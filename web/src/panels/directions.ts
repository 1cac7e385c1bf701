// Moving along directions of the latent space.

import type { Directions } from "../pack";

/** Where a latent vector stands on each direction: (latent - mean) . component, [k]. */
export function scores(latent: Float32Array, { mean, components }: Directions): Float32Array {
  const d = mean.length;
  const out = new Float32Array(components.length / d);
  for (let k = 0; k < out.length; ++k) {
    let sum = 0;
    for (let i = 0; i < d; ++i) sum += (latent[i] - mean[i]) * components[k * d + i];
    out[k] = sum;
  }
  return out;
}

/** The latent vector moved along each direction by `to` - `from` [k]. What no direction covers stays. */
export function moved(latent: Float32Array, from: Float32Array, to: Float32Array, directions: Directions): Float32Array {
  const d = latent.length;
  return latent.map((value, i) => {
    let sum = value;
    for (let k = 0; k < from.length; ++k) sum += (to[k] - from[k]) * directions.components[k * d + i];
    return sum;
  });
}

/** The ends of a slider: the 1st and 99th percentile, widened if `score` lies outside. */
export function span(directions: Directions, k: number, score: number): [number, number] {
  const [low, high] = [directions.ranges[2 * k], directions.ranges[2 * k + 1]];
  return [Math.min(low, score), Math.max(high, score)];
}

/** Indices of the largest value first; equal ones keep their order. */
export function largestFirst(values: ArrayLike<number>): number[] {
  return Array.from(values, (_, i) => i).sort((a, b) => values[b] - values[a] || a - b);
}
