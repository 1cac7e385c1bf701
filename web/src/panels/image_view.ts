// A canvas that shows images of the data, enlarged by whole factors without smoothing.

import { el } from "../dom";
import type { Shape } from "../pack";
import { difference, fitted, magnitude, percentile, toFloats } from "./image_math";
import type { Values } from "./image_math";
import { paintImage } from "./pixels";

export interface ImageView {
  element: HTMLElement;
  canvas: HTMLCanvasElement;
  /** Shows the values, or nothing for null. `label` says what is seen. */
  show(values: Values | null, label: string, decoded?: boolean): void;
  /** Shows |a - b| in colours; returns the value of the darkest one. */
  showDifference(a: Values, b: Values): number;
}

/** `room`: the largest height or width in CSS pixels. Decoded images carry a mark in their corner. Not
 * `whole`: the image may be scaled unevenly, and is smoothed. */
export function imageView(shape: Shape, room: number, usually = false, whole = true): ImageView {
  const { height, width } = shape;
  const canvas = el("canvas", { height, width, role: "img", "aria-label": "no image" });
  const size = fitted(shape, room, whole ? window.devicePixelRatio || 1 : 0);
  canvas.style.height = `${size.height}px`;
  canvas.style.width = `${size.width}px`;
  if (whole && size.width >= width) canvas.className = "pixels";
  // Small images have room for a corner alone, without the word.
  const mark = el("span", { className: size.width < 120 ? "mark small" : "mark", title: "decoded by the model", hidden: true, "aria-hidden": "true" }, size.width >= 60 ? "decoded" : "");
  const element = el("span", { className: "image" }, canvas, mark);
  return {
    element,
    canvas,
    show(values, label, decoded = usually) {
      mark.hidden = !decoded || !values;
      if (values) paintImage(canvas, values, shape);
      else canvas.getContext("2d")!.clearRect(0, 0, width, height);
      canvas.setAttribute("aria-label", mark.hidden ? label : `decoded: ${label}`);
    },
    showDifference(a, b) {
      const all = difference(toFloats(a), toFloats(b), shape.channels);
      const scale = percentile(all, 0.99) || Math.max(...all) || 1;
      const colours = new Uint8Array(3 * all.length);
      all.forEach((value, i) => colours.set(magnitude(value / scale), 3 * i));
      paintImage(canvas, colours, { height, width, channels: 3 });
      canvas.setAttribute("aria-label", "difference of image and reconstruction");
      return scale;
    },
  };
}
