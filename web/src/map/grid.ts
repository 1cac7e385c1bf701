// Points of the map in square cells, for "which is nearest" and "which lie in this box". Exact.

import { boxOf } from "./camera";
import type { Box } from "./camera";

const kPointsACell = 3;
const kMostCells = 1 << 20;

export class Grid {
  private readonly box: Box;
  private readonly cell: number; // side, units of the map
  private readonly columns: number;
  private readonly rows: number;
  private readonly begin: Int32Array; // [cells + 1], where each cell's points begin in `points`
  private readonly points: Int32Array;

  /** Positions [n, 2]; those that are not finite are left out. */
  constructor(readonly positions: Float32Array) {
    const n = positions.length / 2;
    this.box = boxOf(positions) ?? { left: 0, bottom: 0, right: 1, top: 1 };
    const width = this.box.right - this.box.left;
    const height = this.box.top - this.box.bottom;
    const longest = Math.max(width, height) || 1;
    const cells = Math.min(kMostCells, Math.max(1, n / kPointsACell));
    const area = Math.max(width, longest / 1024) * Math.max(height, longest / 1024);
    this.cell = Math.sqrt(area / cells);
    this.columns = Math.floor(width / this.cell) + 1;
    this.rows = Math.floor(height / this.cell) + 1;
    this.begin = new Int32Array(this.columns * this.rows + 1);
    for (let i = 0; i < n; ++i) {
      const at = this.cellOf(i);
      if (at >= 0) ++this.begin[at + 1];
    }
    for (let at = 0; at + 1 < this.begin.length; ++at) this.begin[at + 1] += this.begin[at];
    this.points = new Int32Array(this.begin[this.begin.length - 1]);
    const next = this.begin.slice();
    for (let i = 0; i < n; ++i) {
      const at = this.cellOf(i);
      if (at >= 0) this.points[next[at]++] = i;
    }
  }

  /** The nearest point that `wanted` accepts, not farther than `within`, or -1. */
  nearest(x: number, y: number, within: number, wanted: (point: number) => boolean = () => true): number {
    const column = this.column(x);
    const row = this.row(y);
    let best = -1;
    let bestSquare = within * within;
    const most = Math.max(this.columns, this.rows);
    for (let ring = 0; ring <= most; ++ring) {
      // Cells of this ring are at least so far away: the position may lie outside of the grid.
      const gap = this.gap(x, y, column, row, ring);
      if (gap * gap > bestSquare) break;
      this.eachOfRing(column, row, ring, (at) => {
        for (let k = this.begin[at]; k < this.begin[at + 1]; ++k) {
          const point = this.points[k];
          const dx = this.positions[2 * point] - x;
          const dy = this.positions[2 * point + 1] - y;
          const square = dx * dx + dy * dy;
          if (square > bestSquare || (square === bestSquare && best >= 0) || !wanted(point)) continue;
          bestSquare = square;
          best = point;
        }
      });
    }
    return best;
  }

  /** Calls for each point of the cells that a box touches: those of the box and a few more. */
  eachNear(box: Box, visit: (point: number) => void): void {
    if (box.right < this.box.left || box.left > this.box.right || box.top < this.box.bottom || box.bottom > this.box.top) return;
    const [from, to] = [this.column(box.left), this.column(box.right)];
    const [low, high] = [this.row(box.bottom), this.row(box.top)];
    for (let row = low; row <= high; ++row) {
      const end = this.begin[row * this.columns + to + 1];
      for (let k = this.begin[row * this.columns + from]; k < end; ++k) visit(this.points[k]);
    }
  }

  private column(x: number): number {
    return Math.min(this.columns - 1, Math.max(0, Math.floor((x - this.box.left) / this.cell)));
  }
  private row(y: number): number {
    return Math.min(this.rows - 1, Math.max(0, Math.floor((y - this.box.bottom) / this.cell)));
  }
  private cellOf(point: number): number {
    const x = this.positions[2 * point];
    const y = this.positions[2 * point + 1];
    return Number.isFinite(x + y) ? this.row(y) * this.columns + this.column(x) : -1;
  }
  /** A lower bound of the distance from (x, y) to the cells `ring` steps from its cell. */
  private gap(x: number, y: number, column: number, row: number, ring: number): number {
    if (ring === 0) return 0;
    const left = column - ring < 0 ? Infinity : x - (this.box.left + (column - ring + 1) * this.cell);
    const right = column + ring >= this.columns ? Infinity : this.box.left + (column + ring) * this.cell - x;
    const below = row - ring < 0 ? Infinity : y - (this.box.bottom + (row - ring + 1) * this.cell);
    const above = row + ring >= this.rows ? Infinity : this.box.bottom + (row + ring) * this.cell - y;
    return Math.max(0, Math.min(left, right, below, above));
  }
  private eachOfRing(column: number, row: number, ring: number, visit: (cell: number) => void): void {
    for (let r = Math.max(0, row - ring); r <= Math.min(this.rows - 1, row + ring); ++r) {
      const whole = Math.abs(r - row) === ring;
      for (let c = column - ring; c <= column + ring; c += whole || ring === 0 ? 1 : 2 * ring) {
        if (c >= 0 && c < this.columns) visit(r * this.columns + c);
      }
    }
  }
}
