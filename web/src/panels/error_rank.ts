// Where an error lies among those of all images.

import { count, figure } from "../dom";

/** The finite values, ascending: what shareBelow() looks a value up in. */
export function ascending(values: Float32Array): Float32Array {
  return values.filter((value) => Number.isFinite(value)).sort();
}

/** The share of `sorted` that lies below `value`, 0..1. */
export function shareBelow(sorted: Float32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return sorted.length ? low / sorted.length : 0;
}

/** "error .0102, larger than that of 97 % of 10,000 images" */
export function errorText(error: number, sorted: Float32Array | null): string {
  if (!sorted?.length) return `error ${figure(error)}`;
  const share = shareBelow(sorted, error);
  const percent = share > 0.99 && share < 1 ? (Math.floor(1000 * share) / 10).toFixed(1) : String(Math.floor(100 * share));
  return `error ${figure(error)}, larger than that of ${percent} % of ${count(sorted.length)} images`;
}
