// An image, its reconstruction and the difference of both, with the error and where that lies among
// those of all images.

import { el, figure } from "../dom";
import type { Pack } from "../pack";
import type { App } from "../view";
import { ascending, errorText } from "./error_rank";
import { meanSquared, toFloats } from "./image_math";
import type { Values } from "./image_math";
import { imageView } from "./image_view";
import { withoutDecoder } from "./points";
import { sentence } from "./widgets";

const kSide = 96;

export interface CompareView {
  element: HTMLElement;
  show(original: Values | null, decoded: Values | null, label: string): void;
}

/** `name`: what stands below the original. */
export function compareView(app: App, name: string): CompareView {
  const { shape } = app.pack.facts;
  const error = sentence("");
  error.setAttribute("role", "status");
  if (!shape) {
    error.textContent = "There are no images in this page.";
    return { element: error, show() {} };
  }
  const original = imageView(shape, kSide);
  const decoded = imageView(shape, kSide, true);
  const difference = imageView(shape, kSide);
  const scale = el("figcaption", {}, "difference");
  const figures = [
    el("figure", {}, original.element, el("figcaption", {}, name)),
    el("figure", {}, decoded.element, el("figcaption", {}, "reconstruction")),
    el("figure", {}, difference.element, scale),
  ];
  return {
    element: el("div", { className: "compare" }, el("div", { className: "abreast" }, ...figures), error),
    show(image, reconstruction, label) {
      figures[0].hidden = !image;
      figures[1].hidden = !reconstruction;
      figures[2].hidden = !image || !reconstruction;
      if (image) original.show(image, label);
      if (reconstruction) decoded.show(reconstruction, `reconstruction of ${label}`);
      if (image && reconstruction) {
        scale.textContent = `difference, 0 to ${figure(difference.showDifference(image, reconstruction))}`;
        error.textContent = errorText(meanSquared(toFloats(image), toFloats(reconstruction)), errorsOf(app.pack));
      } else {
        error.textContent = reconstruction ? "The images are not in this page: this one is decoded." : withoutDecoder(app.pack);
      }
    },
  };
}

const sorted = new WeakMap<Pack, Float32Array>();

/** All errors of the pack, ascending: sorted at the first use. */
function errorsOf(pack: Pack): Float32Array | null {
  if (!pack.error) return null;
  if (!sorted.has(pack)) sorted.set(pack, ascending(pack.error));
  return sorted.get(pack)!;
}
