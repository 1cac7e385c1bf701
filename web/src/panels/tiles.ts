// Points as a row of small images with a line of text each; a click picks the point. Points without
// images are decoded where there is a decoder, otherwise they are named.

import { el } from "../dom";
import type { App } from "../view";
import type { Values } from "./image_math";
import { imageView } from "./image_view";
import { imageOf } from "./pixels";
import { describe, latentOf } from "./points";
import { button, oneStop } from "./widgets";

export interface Tiles {
  element: HTMLElement;
  show(points: ArrayLike<number>, notes: (i: number) => string): Promise<void>;
}

/** `side`: the largest height or width of an image in CSS pixels, by default so that ten fit into the
 * panel, or five on a phone. */
export function tiles(app: App, name: string, side = matchMedia("(max-width: 760px)").matches ? 56 : 28, className = "ten"): Tiles {
  const element = oneStop(el("div", { className, role: "group", "aria-label": name }));
  const all: Tile[] = []; // those beyond the points shown wait for the next ones
  let shown = 0;
  return {
    element,
    async show(points, notes) {
      const now = ++shown;
      const images = await imagesOf(app, Array.from(points));
      if (now !== shown) return; // other points were asked for meanwhile
      element.classList.toggle("named", !images);
      while (all.length < points.length) {
        const tile = makeTile(app, side);
        tile.element.tabIndex = -1; // one stop of the Tab key for all tiles
        all.push(tile);
        element.append(tile.element);
      }
      all.forEach((tile, i) => {
        tile.element.hidden = i >= points.length;
        if (i < points.length) tile.show(points[i], notes(i), images?.(i) ?? null);
      });
      // One of those shown takes the tab key.
      if (points.length > 0 && !all.some((tile) => !tile.element.hidden && tile.element.tabIndex === 0)) all[0].element.tabIndex = 0;
    },
  };
}

async function imagesOf(app: App, points: number[]): Promise<((i: number) => Values) | null> {
  const { pack, engine } = app;
  if (pack.images) return (i) => imageOf(pack, points[i])!;
  if (!engine.canDecode || !pack.latents || points.length === 0) return null;
  const d = pack.facts.latent_dim;
  const latents = new Float32Array(points.length * d);
  points.forEach((point, i) => latents.set(latentOf(pack, point)!, i * d));
  const labels = pack.facts.takes_labels && pack.labels ? Int32Array.from(points, (point) => pack.labels![point]) : undefined;
  const values = await engine.decode(latents, labels);
  const size = values.length / points.length;
  return (i) => values.subarray(i * size, (i + 1) * size);
}

interface Tile {
  element: HTMLElement;
  show(point: number, note: string, image: Values | null): void;
}

function makeTile(app: App, side: number): Tile {
  const { pack, view } = app;
  let shown = -1;
  const element = button("", () => {
    view.set("picked", shown);
    app.map.reveal(shown);
  });
  const image = pack.facts.shape && imageView(pack.facts.shape, side, !pack.images);
  const word = el("span", { className: "word" });
  const small = el("small");
  element.append(...(image ? [image.element] : []), word, small);
  return {
    element,
    show(point, note, values) {
      shown = point;
      const text = describe(pack, point);
      const picked = view.get("picked");
      element.title = note ? `${text}: ${note}` : text;
      element.setAttribute("aria-label", element.title);
      element.className = pack.labels && picked >= 0 && pack.labels[point] !== pack.labels[picked] ? "tile other" : "tile";
      if (image) image.element.hidden = !values;
      if (values) image!.show(values, text);
      word.textContent = values ? "" : pack.names?.[point] ?? String(pack.rows[point]);
      small.textContent = note;
    },
  };
}
