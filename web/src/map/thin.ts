// Which images stand in the place of dots: one for each cell of a grid, the most central. The grid is
// fixed to the map, so that moving the map changes nothing.

import type { Box } from "./camera";
import type { Grid } from "./grid";

const kOverlap = 0.8; // images closer than this share of their side in both directions: one goes

/**
 * The points whose images are shown in a box of the map, for cells of a side (units of the map) and
 * images of a side. `wanted` says which points may be.
 */
export function thin(grid: Grid, box: Box, cell: number, side: number, wanted: (point: number) => boolean): number[] {
  // One cell more all round, so that what is seen does not depend on where the box ends.
  const left = Math.floor(box.left / cell) - 1;
  const bottom = Math.floor(box.bottom / cell) - 1;
  const columns = Math.floor(box.right / cell) + 2 - left;
  const rows = Math.floor(box.top / cell) + 2 - bottom;
  const best = new Int32Array(columns * rows).fill(-1);
  const off = new Float64Array(columns * rows).fill(Infinity); // from the cell's centre, squared
  const { positions } = grid;
  const around = { left: left * cell, bottom: bottom * cell, right: (left + columns) * cell, top: (bottom + rows) * cell };
  grid.eachNear(around, (point) => {
    const x = positions[2 * point] / cell - left;
    const y = positions[2 * point + 1] / cell - bottom;
    const column = Math.floor(x);
    const row = Math.floor(y);
    if (column < 0 || row < 0 || column >= columns || row >= rows) return;
    const at = row * columns + column;
    const distance = (x - column - 0.5) ** 2 + (y - row - 0.5) ** 2;
    if (distance > off[at] || (distance === off[at] && point > best[at]) || !wanted(point)) return;
    off[at] = distance;
    best[at] = point;
  });
  return keepApart(best, off, columns, rows, positions, kOverlap * side);
}

/** Of two images that cover each other the more central stays. Looks at neighbours only. */
function keepApart(best: Int32Array, off: Float64Array, columns: number, rows: number, positions: Float32Array, apart: number): number[] {
  const kept: number[] = [];
  for (let row = 0; row < rows; ++row) {
    for (let column = 0; column < columns; ++column) {
      const at = row * columns + column;
      const point = best[at];
      if (point < 0) continue;
      let stays = true;
      for (let r = Math.max(0, row - 1); stays && r <= Math.min(rows - 1, row + 1); ++r) {
        for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); ++c) {
          const other = r * columns + c;
          const rival = best[other];
          if (rival < 0 || other === at) continue;
          const covers =
            Math.abs(positions[2 * point] - positions[2 * rival]) < apart &&
            Math.abs(positions[2 * point + 1] - positions[2 * rival + 1]) < apart;
          if (covers && (off[other] < off[at] || (off[other] === off[at] && rival < point))) stays = false;
        }
      }
      if (stays) kept.push(point);
    }
  }
  return kept;
}

/** Points in each occupied cell, on average: how much of the data images can show. */
export function crowding(positions: Float32Array, cell: number, box: Box): number {
  const n = positions.length / 2;
  const columns = Math.floor((box.right - box.left) / cell) + 1;
  const rows = Math.floor((box.top - box.bottom) / cell) + 1;
  if (!(columns * rows < 16 * n + 1024)) return 1;
  const seen = new Uint8Array(columns * rows);
  let occupied = 0;
  let points = 0;
  for (let i = 0; i < n; ++i) {
    const at = Math.floor((positions[2 * i + 1] - box.bottom) / cell) * columns + Math.floor((positions[2 * i] - box.left) / cell);
    if (!(at >= 0)) continue;
    ++points;
    if (seen[at] === 0) {
      seen[at] = 1;
      ++occupied;
    }
  }
  return occupied ? points / occupied : 1;
}
