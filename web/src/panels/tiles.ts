// Points as a row of small images with a line of text each; a click picks the point. Points without
// images are decoded where there is a decoder, otherwise they are named.

import { el } from "../dom";
import type { App } from "../view";
import type { Values } from "./image_math";
import { imageView } from "./image_view";
import { imageOf } from "./pixels";
import { describe, latentOf } from "./points";
import { button } from "./widgets";

export interface Tiles {
  element: HTMLElement;
  show(points: ArrayLike<number>, notes: (i: number) => string): Promise<void>;
}

/** `side`: the largest height or width of an image in CSS pixels, by default so that ten fit into the
 * panel, or five on a phone. */
export function tiles(app: App, name: string, side = matchMedia("(max-width: 760px)").matches ? 56 : 28, className = "ten"): Tiles {
  const element = el("div", { className, role: "group", "aria-label": name, onkeydown: moveFocus });
  let shown = 0;
  return {
    element,
    async show(points, notes) {
      const now = ++shown;
      const all = Array.from(points);
      const images = await imagesOf(app, all);
      if (now !== shown) return; // other points were asked for meanwhile
      element.classList.toggle("named", !images);
      const focused = Array.from(element.children).indexOf(document.activeElement!);
      element.replaceChildren(...all.map((point, i) => tile(app, point, side, notes(i), images?.(i) ?? null)));
      (element.children[focused] as HTMLElement | undefined)?.focus();
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

function tile(app: App, point: number, side: number, note: string, image: Values | null): HTMLElement {
  const { pack, view } = app;
  const text = describe(pack, point);
  const element = button("", () => view.set("picked", point), note ? `${text}: ${note}` : text);
  element.setAttribute("aria-label", element.title);
  element.className = "tile";
  const picked = view.get("picked");
  if (pack.labels && picked >= 0 && pack.labels[point] !== pack.labels[picked]) element.classList.add("other");
  if (image && pack.facts.shape) {
    const view = imageView(pack.facts.shape, side, !pack.images);
    view.show(image, text);
    element.append(view.element);
  } else {
    element.append(el("span", { className: "word" }, pack.names?.[point] ?? String(pack.rows[point])));
  }
  element.append(el("small", {}, note));
  return element;
}

/** Arrow keys, Home and End move between the tiles of a row. */
function moveFocus(event: KeyboardEvent): void {
  const all = Array.from((event.currentTarget as HTMLElement).children) as HTMLElement[];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  all[Math.max(0, Math.min(all.length - 1, to))].focus();
}
