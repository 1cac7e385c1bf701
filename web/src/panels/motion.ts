// How points move from one map to the next. No page in here.

/** Slow at both ends: 0 at 0, 1 at 1. */
export function ease(share: number): number {
  const t = Math.min(1, Math.max(0, share));
  return t * t * (3 - 2 * t);
}

/** Writes positions between two maps: `share` 0 is `from`, 1 is `to`. */
export function between(from: Float32Array, to: Float32Array, share: number, out: Float32Array): void {
  for (let k = 0; k < out.length; ++k) out[k] = from[k] + share * (to[k] - from[k]);
}
