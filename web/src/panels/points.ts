// What is known of one point, in words and numbers.

import type { Pack } from "../pack";
import { className, rowName } from "../pack";
import type { App } from "../view";
import { toFloats } from "./image_math";
import { imageOf } from "./pixels";

/** "row 4,217", the class and the name of the file. */
export function describe(pack: Pack, point: number): string {
  const label = className(pack, point);
  return [rowName(pack, point), label && `\u201c${label}\u201d`, pack.names?.[point]].filter((part) => part).join(" \u00b7 ");
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

/** The latent vector of a point by the model of the map shown; null if there is none. The pack's are
 * those of the last map, and of all where there are no images to encode. */
export async function latentShown(app: App, point: number): Promise<Float32Array | null> {
  const { pack, engine, view } = app;
  const image = imageOf(pack, point);
  const kept = latentOf(pack, point);
  if (!image || !engine.canEncode || (kept && view.get("map") === pack.maps.length - 1)) return kept;
  return engine.encode(toFloats(image), labelsFor(pack, pack.labels?.[point], 1));
}

/** The image decoded from a point's latent vector; null without a decoder. */
export async function reconstruction(app: App, point: number): Promise<Float32Array | null> {
  const latent = app.engine.canDecode ? await latentShown(app, point) : null;
  return latent && app.engine.decode(latent, labelsFor(app.pack, app.pack.labels?.[point], 1));
}
