// Under the cursor: what the decoder makes of a position of the map. Always in sight.

import { el, figure } from "../dom";
import { imageView } from "./image_view";
import { latest } from "./latest";
import { imageOf } from "./pixels";
import { describe, majority, positionOf, withoutDecoder } from "./points";
import { button, choice } from "./widgets";
import type { App } from "../view";
import type { Blend, Near } from "../engine";

const kSide = 168;
const kNearest = 15; // where there is nothing to blend

export function mountCursor(app: App, host: HTMLElement): void {
  const { pack, view } = app;
  const { shape, class_names, takes_labels } = pack.facts;
  const image = shape && imageView(shape, kSide);
  const where = el("p", { className: "where" });
  const how = el("p", { className: "note" });
  const hold = button("freeze", freeze, "Keeps this image while the cursor moves (space)");
  hold.setAttribute("aria-keyshortcuts", "Space");
  const words = el("div", { className: "words" }, where, how);
  let chosen = -1; // the label to decode with; -1: that of most of the blend's weight
  if (takes_labels) {
    words.append(choice("class", ["as nearby", ...class_names], (i) => {
      chosen = i - 1;
      update();
    }).element);
  }
  words.append(hold);
  host.classList.add("under-cursor");
  if (image) host.append(image.element);
  host.append(words);

  let usual = 0;
  async function blendAt(x: number, y: number): Promise<Blend> {
    if (!takes_labels || chosen >= 0) return app.engine.at(x, y, takes_labels ? chosen : undefined);
    const blend = await app.engine.at(x, y, usual);
    const label = majority(pack, blend.points, blend.weights) ?? 0;
    if (label === usual) return blend;
    return app.engine.at(x, y, (usual = label));
  }

  const show = latest(async ([x, y]: readonly [number, number]) => {
    if (app.engine.canPlace) {
      const blend = await blendAt(x, y);
      view.set("blend", { points: blend.points, weights: blend.weights });
      draw(blend.points, blend.distance, blend);
    } else {
      const near: Near = await app.engine.near("map", Float32Array.of(x, y), kNearest);
      draw(near.points, near.distances[0], null);
    }
  }, app.tell);

  function draw(points: Int32Array, distance: number, blend: Blend | null): void {
    if (points.length === 0) return;
    const nearest = describe(pack, points[0]);
    const decoded = blend?.image ?? null;
    image?.show(decoded ?? imageOf(pack, points[0]), decoded ? `the latent vector under the cursor, near ${nearest}` : nearest, decoded !== null);
    image?.element.classList.toggle("far", blend?.far === true);
    where.textContent = `nearest: ${nearest} \u00b7 ${figure(Math.round(1e4 * distance) / 1e4)} away`;
    how.textContent = decoded
      ? `decoded from a weighted mean of the ${points.length} nearest latent vectors; the map itself has no decoder`
      : `${withoutDecoder(pack)}${pack.images ? " This is the image of the nearest point." : ""}`;
    if (blend?.far && decoded) how.textContent = `Hatched: no data is near; ${how.textContent}`;
  }

  function update(): void {
    const picked = view.get("picked");
    const at = view.get("cursor") ?? (picked >= 0 ? positionOf(pack, view.get("map"), picked) : null);
    if (at) show(at);
  }
  view.on(["cursor", "picked"], () => {
    if (!view.get("frozen")) update();
  });
  view.on(["map"], update);
  view.on(["frozen"], () => {
    const frozen = view.get("frozen");
    hold.setAttribute("aria-pressed", String(frozen));
    hold.textContent = frozen ? "frozen" : "freeze";
  });
  where.textContent ||= "Move over the map: the image for that position appears here.";

  function freeze(): void {
    view.set("frozen", !view.get("frozen"));
  }
}
