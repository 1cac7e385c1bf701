// The line between two latent vectors.

import { mixed } from "./image_math";

export const kSteps = 11;
export const kCurvePoints = 41;

/** n numbers from 0 to 1, both included. */
export function even(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i / (n - 1));
}

/** The vectors (1 - alpha) a + alpha b, one after another: [n, d]. */
export function along(a: Float32Array, b: Float32Array, alphas: number[]): Float32Array {
  const out = new Float32Array(alphas.length * a.length);
  alphas.forEach((alpha, i) => out.set(mixed(a, b, alpha), i * a.length));
  return out;
}

/** For models that take labels: each step has the label of the nearer end. */
export function labelsAlong(a: number, b: number, alphas: number[]): Int32Array {
  return Int32Array.from(alphas, (alpha) => (alpha < 0.5 ? a : b));
}

/** The smallest of the distances that belongs to none of the `except`ed points. */
export function nearestOther(points: Int32Array, distances: Float32Array, except: readonly number[]): number {
  const i = points.findIndex((point) => !except.includes(point));
  return i < 0 ? NaN : distances[i];
}

export function median(values: number[]): number {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  return sorted.length ? sorted[sorted.length >> 1] : NaN;
}
