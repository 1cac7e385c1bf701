// Which true neighbours of a point the map shows as neighbours.

import type { NeighbourMarks } from "../view";

/** Nearest first in each set, from the latent neighbours and the equally many of the map. */
export function neighbourSets(latent: ArrayLike<number>, map: ArrayLike<number>): NeighbourMarks {
  const onMap = new Set(Array.from(map));
  const inLatent = new Set(Array.from(latent));
  return {
    near: [...inLatent].filter((point) => onMap.has(point)),
    far: [...inLatent].filter((point) => !onMap.has(point)),
    mapOnly: [...onMap].filter((point) => !inLatent.has(point)),
  };
}

/** Of the points that lie in the direction (x, y) as seen from `from`, within 60 degrees of it: the
 * one that is nearest when what lies aside counts twice. -1 if there is none. */
export function inDirection(points: ArrayLike<number>, map: Float32Array, from: number, x: number, y: number): number {
  let best = -1;
  let least = Infinity;
  for (const point of Array.from(points)) {
    const dx = map[2 * point] - map[2 * from];
    const dy = map[2 * point + 1] - map[2 * from + 1];
    const along = dx * x + dy * y;
    const aside = Math.abs(dx * y - dy * x);
    if (point === from || along <= 0 || aside > Math.sqrt(3) * along) continue;
    if (along + 2 * aside < least) {
      least = along + 2 * aside;
      best = point;
    }
  }
  return best;
}
