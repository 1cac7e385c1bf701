// Which points lie in a polygon, by the even-odd rule.

import type { Grid } from "./grid";

const kBands = 256;

/** A polygon [[x, y], ...], closed by itself, asked about many positions. */
export class Polygon {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
  // Edges of each band of y, so that a question looks at a few of hundreds of edges.
  private readonly bands: [number, number, number, number][][];

  constructor(corners: ReadonlyArray<readonly [number, number]>) {
    const xs = corners.map((corner) => corner[0]);
    const ys = corners.map((corner) => corner[1]);
    this.left = Math.min(...xs);
    this.right = Math.max(...xs);
    this.bottom = Math.min(...ys);
    this.top = Math.max(...ys);
    this.bands = Array.from({ length: kBands }, () => []);
    corners.forEach(([x0, y0], i) => {
      const [x1, y1] = corners[(i + 1) % corners.length];
      const to = this.band(Math.max(y0, y1));
      for (let band = this.band(Math.min(y0, y1)); band <= to; ++band) this.bands[band].push([x0, y0, x1, y1]);
    });
  }

  contains(x: number, y: number): boolean {
    if (!(x >= this.left && x <= this.right && y >= this.bottom && y <= this.top)) return false;
    let inside = false;
    for (const [x0, y0, x1, y1] of this.bands[this.band(y)]) {
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside;
    }
    return inside;
  }

  private band(y: number): number {
    const share = (y - this.bottom) / (this.top - this.bottom || 1);
    return Math.min(kBands - 1, Math.max(0, Math.floor(share * kBands)));
  }
}

/** The points inside, ascending, of those that are `wanted`. */
export function pointsInside(grid: Grid, polygon: Polygon, wanted: (point: number) => boolean): Int32Array {
  const { positions } = grid;
  const inside = new Uint8Array(positions.length / 2);
  grid.eachNear(polygon, (point) => {
    if (polygon.contains(positions[2 * point], positions[2 * point + 1]) && wanted(point)) inside[point] = 1;
  });
  return pointsOf(inside);
}

/** The points that are marked by 1, ascending. */
function pointsOf(marks: Uint8Array): Int32Array {
  const points = new Int32Array(marks.length);
  let count = 0;
  for (let point = 0; point < marks.length; ++point) if (marks[point]) points[count++] = point;
  return points.slice(0, count);
}

/** The selection after a lasso; both are ascending. */
export function combine(before: Int32Array | null, now: Int32Array, how: "new" | "add" | "remove"): Int32Array | null {
  if (how === "new" || !before) return how !== "remove" && now.length > 0 ? now : null;
  const members = new Set(before);
  for (const point of now) how === "add" ? members.add(point) : members.delete(point);
  return members.size > 0 ? Int32Array.from(members).sort() : null;
}
