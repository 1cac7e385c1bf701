// Arithmetic on images: values [height, width, channels], as bytes 0..255 or floats 0..1.

import type { Shape } from "../pack";

export type Values = Float32Array | Uint8Array;

/** The largest size in CSS pixels, at most `room`, at which each pixel of the image covers a whole
 * number of the screen's; larger images shrink to `room`. `ratio`: the screen's pixels per CSS one;
 * 0: any size will do. */
export function fitted(shape: Shape, room: number, ratio = 1): { width: number; height: number } {
  const side = Math.max(shape.height, shape.width);
  const whole = Math.floor((room * ratio) / side);
  const scale = whole >= 1 ? whole / ratio : room / side;
  return { width: shape.width * scale, height: shape.height * scale };
}

export function toFloats(values: Values): Float32Array {
  return values instanceof Uint8Array ? Float32Array.from(values, (value) => value / 255) : values;
}

/** |a - b| of each pixel, the mean over its channels: [height, width]. */
export function difference(a: Float32Array, b: Float32Array, channels: number): Float32Array {
  const out = new Float32Array(a.length / channels);
  for (let i = 0; i < a.length; ++i) out[Math.floor(i / channels)] += Math.abs(a[i] - b[i]) / channels;
  return out;
}

export function meanSquared(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += (a[i] - b[i]) ** 2;
  return sum / a.length;
}

/** The value below which the share `p` of the values lies; 0 for none. */
export function percentile(values: Float32Array, p: number): number {
  const sorted = Float32Array.from(values).sort();
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] : 0;
}

/** The colour of a difference, 0..1, as in the program's figures: white, red, nearly black. */
export function magnitude(t: number): [number, number, number] {
  const low = t < 0.5;
  const from = low ? [255, 255, 255] : [216, 71, 43];
  const to = low ? [216, 71, 43] : [58, 6, 16];
  const part = Math.min(1, low ? 2 * t : 2 * t - 1);
  return [0, 1, 2].map((c) => Math.round(from[c] + part * (to[c] - from[c]))) as [number, number, number];
}

/** The size at which images of the shape stand in a line: at least 72 CSS pixels, by a whole factor
 * unless that makes them so large that eleven need too much room. */
export function lineSide({ height, width }: Shape): { side: number; whole: boolean } {
  const longest = Math.max(height, width);
  const side = Math.ceil(72 / longest) * longest;
  return side <= 100 ? { side, whole: true } : { side: 84, whole: false };
}

/** (1 - alpha) a + alpha b, of latent vectors or of pixels. */
export function mixed(a: Float32Array, b: Float32Array, alpha: number): Float32Array {
  return a.map((value, i) => (1 - alpha) * value + alpha * b[i]);
}

export function norm(vector: Float32Array): number {
  return Math.hypot(...vector);
}
