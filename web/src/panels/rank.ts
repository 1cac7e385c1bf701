// The points with the largest reconstruction error or the lowest trustworthiness, and the classes by
// their means: what the panel Worst shows. No page in here.

export type Measure = "error" | "trustworthiness";

/** All points with a value for which `take` is not 0, worst first; equal values in point order. */
export function worstFirst(values: Float32Array, measure: Measure, take: (point: number) => boolean): Int32Array {
  const points: number[] = [];
  for (let point = 0; point < values.length; ++point) {
    if (!Number.isNaN(values[point]) && take(point)) points.push(point);
  }
  const sign = measure === "error" ? -1 : 1;
  return Int32Array.from(points).sort((a, b) => sign * (values[a] - values[b]) || a - b);
}

/** The worst point of each class, of a ranking by worstFirst: worst first. */
export function worstOfEachClass(ranking: Int32Array, labels: Int32Array): Int32Array {
  const seen = new Set<number>();
  return ranking.filter((point) => !seen.has(labels[point]) && seen.add(labels[point]));
}

export interface ClassMean {
  label: number; // -1: points without a class
  count: number; // points with a value
  mean: number;
}

/** Count and mean of each class that the ranking has, in label order. */
export function classMeans(ranking: Int32Array, values: Float32Array, labels: Int32Array): ClassMean[] {
  const sums = new Map<number, ClassMean>();
  for (const point of ranking) {
    const label = labels[point];
    const row = sums.get(label) ?? { label, count: 0, mean: 0 };
    row.count += 1;
    row.mean += values[point];
    sums.set(label, row);
  }
  const rows = [...sums.values()];
  for (const row of rows) row.mean /= row.count;
  return rows.sort((a, b) => a.label - b.label);
}

/** Sorts rows of the class table by one of its columns. */
export function sortClasses(rows: ClassMean[], by: keyof ClassMean, descending: boolean): ClassMean[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => sign * (a[by] - b[by]) || a.label - b.label);
}
