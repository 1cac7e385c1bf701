// Where a class's name stands: at its densest member.

const kCells = 48; // along each side of the box around all points

/** For each group the member with the most company, or -1 if it has none. `of`: [n] groups, or null for one group. */
export function densestMembers(positions: Float32Array, of: ArrayLike<number> | null, groups: number): Int32Array {
  const n = positions.length / 2;
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < n; ++i) {
    left = Math.min(left, positions[2 * i]);
    right = Math.max(right, positions[2 * i]);
    bottom = Math.min(bottom, positions[2 * i + 1]);
    top = Math.max(top, positions[2 * i + 1]);
  }
  const width = (right - left) / kCells || 1;
  const height = (top - bottom) / kCells || 1;
  const stride = kCells + 3; // a free cell all round
  const cellOf = (i: number) =>
    (1 + Math.floor((positions[2 * i + 1] - bottom) / height)) * stride + 1 + Math.floor((positions[2 * i] - left) / width);

  const members: number[][] = Array.from({ length: groups }, () => []);
  for (let i = 0; i < n; ++i) members[of ? of[i] : 0]?.push(i);
  const medoids = new Int32Array(groups).fill(-1);
  const counts = new Int32Array(stride * stride);
  members.forEach((points, group) => {
    counts.fill(0);
    for (const i of points) ++counts[cellOf(i)];
    let best = -1;
    let most = 0;
    for (const i of points) {
      const at = cellOf(i);
      if (!(counts[at] > 0)) continue;
      let company = counts[at]; // counts itself and the cells around it, so that a ridge beats a lone peak
      for (const step of [1, stride, stride - 1, stride + 1]) company += counts[at + step] + counts[at - step];
      if (company > most) {
        most = company;
        best = at;
      }
    }
    if (best >= 0) medoids[group] = nearestToMean(positions, points.filter((i) => cellOf(i) === best));
  });
  return medoids;
}

function nearestToMean(positions: Float32Array, points: number[]): number {
  let [x, y] = [0, 0];
  for (const i of points) {
    x += positions[2 * i] / points.length;
    y += positions[2 * i + 1] / points.length;
  }
  const off = (i: number) => (positions[2 * i] - x) ** 2 + (positions[2 * i + 1] - y) ** 2;
  return points.reduce((best, i) => (off(i) < off(best) ? i : best));
}
