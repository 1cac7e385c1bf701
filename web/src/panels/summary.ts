// What a set of points has in common: classes, mean image, mean error. No page in here.

import type { Pack } from "../pack";

export interface ClassShare {
  label: number; // -1: points without a class
  count: number; // in the set
  share: number; // of the set, 0..1
  shareOfAll: number; // of all points of the pack, 0..1
}

/** The classes of the set, largest first. Empty without labels. */
export function classShares(labels: Int32Array | null, points: Int32Array): ClassShare[] {
  if (!labels) return [];
  const all = new Map<number, number>();
  for (const label of labels) all.set(label, (all.get(label) ?? 0) + 1);
  const counts = new Map<number, number>();
  for (const point of points) counts.set(labels[point], (counts.get(labels[point]) ?? 0) + 1);
  const rows = [...counts].map(([label, count]) => ({
    label,
    count,
    share: count / points.length,
    shareOfAll: all.get(label)! / labels.length,
  }));
  return rows.sort((a, b) => b.count - a.count || a.label - b.label);
}

/** The mean of the points that have a value; NaN if none has. */
export function meanOf(values: Float32Array | null, points: Int32Array): number {
  let sum = 0;
  let count = 0;
  if (values) {
    for (const point of points) {
      if (Number.isNaN(values[point])) continue;
      sum += values[point];
      count += 1;
    }
  }
  return sum / count;
}

/** The mean of the points' images [values], in [0, 1]; null without images or points. */
export function meanImage(pack: Pack, points: Int32Array): Float32Array | null {
  if (!pack.images || points.length === 0) return null;
  const values = pack.images.length / pack.count;
  const sums = new Float64Array(values);
  for (const point of points) {
    const begin = point * values;
    for (let k = 0; k < values; ++k) sums[k] += pack.images[begin + k];
  }
  return Float32Array.from(sums, (sum) => sum / (255 * points.length));
}

/** The points for which `take` holds, ascending. */
export function pointsWhere(count: number, take: (point: number) => boolean): Int32Array {
  const points: number[] = [];
  for (let point = 0; point < count; ++point) if (take(point)) points.push(point);
  return Int32Array.from(points);
}

/** All points but these (ascending). */
export function inverse(count: number, points: Int32Array): Int32Array {
  const inside = new Uint8Array(count);
  for (const point of points) inside[point] = 1;
  return pointsWhere(count, (point) => inside[point] === 0);
}

/** The rows [points.length, width] of an array [n, width]. */
export function rowsOf(values: Float32Array, width: number, points: Int32Array): Float32Array {
  const rows = new Float32Array(points.length * width);
  points.forEach((point, i) => rows.set(values.subarray(point * width, (point + 1) * width), i * width));
  return rows;
}
