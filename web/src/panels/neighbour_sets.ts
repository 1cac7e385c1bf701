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

/** Of the positions [n][2] that lie in the direction (x, y) of `from`, within 60 degrees of it: the
 * index of the one that is nearest when what lies aside counts twice. -1 if there is none. */
export function inDirection(positions: ArrayLike<number>[], from: ArrayLike<number>, x: number, y: number): number {
  let best = -1;
  let least = Infinity;
  positions.forEach((position, i) => {
    const dx = position[0] - from[0];
    const dy = position[1] - from[1];
    const along = dx * x + dy * y;
    const aside = Math.abs(dx * y - dy * x);
    if (along <= 0 || aside > Math.sqrt(3) * along || along + 2 * aside >= least) return;
    least = along + 2 * aside;
    best = i;
  });
  return best;
}
