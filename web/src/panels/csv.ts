// A table of points as comma-separated values (RFC 4180): every column that the pack has.

import { className, type Pack } from "../pack";

/** Digits that read back as the same 32-bit number: seven where they suffice, else nine. "" for NaN. */
export function digits(value: number): string {
  if (Number.isNaN(value)) return "";
  const short = Number(value.toPrecision(7));
  return Math.fround(short) === value ? String(short) : value.toPrecision(9);
}

/** A field, in quotes where commas, quotes, line ends or outer spaces ask for them. */
export function field(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

type Column = [name: string, of: (point: number) => string];

function columnsOf(pack: Pack, map: Float32Array): Column[] {
  const { split, names, labels, latents, facts } = pack;
  const columns: Column[] = [["row", (point) => String(pack.rows[point])]];
  if (split) columns.push(["split", (point) => field(facts.splits[split[point]] ?? "")]);
  if (names) columns.push(["name", (point) => field(names[point])]);
  if (labels) {
    columns.push(["label", (point) => (labels[point] < 0 ? "" : String(labels[point]))]);
    columns.push(["class", (point) => field(className(pack, point))]);
  }
  for (const measure of ["error", "trustworthiness", "continuity", "overlap"] as const) {
    const values = pack[measure];
    if (values) columns.push([measure, (point) => digits(values[point])]);
  }
  for (const [name, values] of pack.columns) columns.push([name, (point) => digits(values[point])]);
  columns.push(["map_x", (point) => digits(map[2 * point])], ["map_y", (point) => digits(map[2 * point + 1])]);
  if (latents) {
    const dim = latents.length / pack.count;
    for (let k = 0; k < dim; ++k) columns.push([`latent_${k}`, (point) => digits(latents[point * dim + k])]);
  }
  return columns;
}

const kRows = 1000; // between two breaths

/** The file in pieces. The page stays usable while they are written. */
export async function csv(pack: Pack, map: Float32Array, points: Int32Array): Promise<string[]> {
  const columns = columnsOf(pack, map);
  const parts = [columns.map(([name]) => field(name)).join(",") + "\r\n"];
  for (let begin = 0; begin < points.length; begin += kRows) {
    if (begin > 0) await new Promise((done) => setTimeout(done, 0));
    let text = "";
    for (const point of points.subarray(begin, begin + kRows)) text += columns.map(([, of]) => of(point)).join(",") + "\r\n";
    parts.push(text);
  }
  return parts;
}
