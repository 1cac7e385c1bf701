// What the pack holds of one point, in words and numbers.

import type { Pack } from "../pack";
import { className, rowName } from "../pack";

/** "row 4,217, 7, cat.png" */
export function describe(pack: Pack, point: number): string {
  return [rowName(pack, point), className(pack, point), pack.names?.[point]].filter((part) => part).join(", ");
}

export function latentOf(pack: Pack, point: number): Float32Array | null {
  const d = pack.facts.latent_dim;
  return pack.latents?.subarray(point * d, (point + 1) * d) ?? null;
}

export function positionOf(pack: Pack, map: number, point: number): [number, number] {
  return [pack.maps[map][2 * point], pack.maps[map][2 * point + 1]];
}

/** The label that most weight stands for; undefined without labels. */
export function majority(pack: Pack, points: ArrayLike<number>, weights?: ArrayLike<number>): number | undefined {
  const sums = new Map<number, number>();
  for (let i = 0; pack.labels && i < points.length; ++i) {
    const label = pack.labels[points[i]];
    if (label >= 0) sums.set(label, (sums.get(label) ?? 0) + (weights ? weights[i] : 1));
  }
  let best: number | undefined;
  for (const [label, sum] of sums) if (best === undefined || sum > sums.get(best)!) best = label;
  return best;
}

/** Why nothing is decoded. */
export function withoutDecoder(pack: Pack): string {
  return pack.facts.kind === null
    ? "There is no model, so nothing is decoded."
    : "The model of this map is not in the page, so nothing is decoded.";
}

/** n copies of a label, for models that take one; undefined for the others. */
export function labelsFor(pack: Pack, label: number | undefined, n: number): Int32Array | undefined {
  return pack.facts.takes_labels ? new Int32Array(n).fill(label ?? 0) : undefined;
}
