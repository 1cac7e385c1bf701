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

/** The nearest taken point in a direction (dx, dy of norm 1) from a point of the map, within 45
 * degrees, those straight ahead preferred; -1 if there is none. */
export function pointTowards(map: Float32Array, take: Uint8Array, from: number, dx: number, dy: number): number {
  let best = -1;
  let least = Infinity;
  for (let point = 0; point < take.length; ++point) {
    if (!take[point] || point === from) continue;
    const x = map[2 * point] - map[2 * from];
    const y = map[2 * point + 1] - map[2 * from + 1];
    const ahead = x * dx + y * dy;
    const aside = Math.abs(x * dy - y * dx);
    if (ahead <= 0 || aside > ahead) continue;
    const cost = ahead + 2 * aside;
    if (cost < least) {
      least = cost;
      best = point;
    }
  }
  return best;
}
