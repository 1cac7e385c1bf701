// A table of points as comma-separated values (RFC 4180): every column that the pack has.

import { className, type Pack } from "../pack";

/** The fewest digits that read back as the same 32-bit number; "" for NaN. */
export function shortest(value: number): string {
  if (Number.isNaN(value)) return "";
  for (let digits = 6; digits < 9; ++digits) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

/** A field, in quotes where commas, quotes, line ends or outer spaces ask for them. */
export function field(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

type Column = [name: string, of: (point: number) => string];

function columnsOf(pack: Pack, map: Float32Array): Column[] {
  const { split, names, labels, latents, facts } = pack;
  const columns: Column[] = [["row", (point) => String(pack.rows[point])]];
  if (split) columns.push(["split", (point) => facts.splits[split[point]] ?? ""]);
  if (names) columns.push(["name", (point) => names[point]]);
  if (labels) {
    columns.push(["label", (point) => (labels[point] < 0 ? "" : String(labels[point]))]);
    columns.push(["class", (point) => className(pack, point)]);
  }
  for (const measure of ["error", "trustworthiness", "continuity", "overlap"] as const) {
    const values = pack[measure];
    if (values) columns.push([measure, (point) => shortest(values[point])]);
  }
  for (const [name, values] of pack.columns) columns.push([name, (point) => shortest(values[point])]);
  columns.push(["map_x", (point) => shortest(map[2 * point])], ["map_y", (point) => shortest(map[2 * point + 1])]);
  if (latents) {
    const dim = latents.length / pack.count;
    for (let k = 0; k < dim; ++k) columns.push([`latent_${k}`, (point) => shortest(latents[point * dim + k])]);
  }
  return columns;
}

/** The lines of the file, the header first, each with its line end. */
export function csv(pack: Pack, map: Float32Array, points: Int32Array): string[] {
  const columns = columnsOf(pack, map);
  const lines = [columns.map(([name]) => field(name)).join(",") + "\r\n"];
  for (const point of points) lines.push(columns.map(([, of]) => field(of(point))).join(",") + "\r\n");
  return lines;
}
