// Images on small canvases.

import { el } from "../dom";
import type { Pack, Shape } from "../pack";

/** Values in [0, 1] or 0..255 (bytes), [height, width, channels], as a canvas of their own size. */
export function drawImage(values: Float32Array | Uint8Array, shape: Shape, label: string): HTMLCanvasElement {
  const canvas = el("canvas", { width: shape.width, height: shape.height, className: "image", role: "img", "aria-label": label });
  paintImage(canvas, values, shape);
  return canvas;
}

export function paintImage(canvas: HTMLCanvasElement, values: Float32Array | Uint8Array, shape: Shape): void {
  const { height, width, channels } = shape;
  const pixels = new ImageData(width, height);
  const unit = values instanceof Float32Array ? 255 : 1;
  for (let pixel = 0; pixel < height * width; ++pixel) {
    for (let k = 0; k < 3; ++k) pixels.data[4 * pixel + k] = unit * values[channels * pixel + (channels === 1 ? 0 : k)];
    pixels.data[4 * pixel + 3] = 255;
  }
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
}

export function imageOf(pack: Pack, point: number): Uint8Array | null {
  if (!pack.images) return null;
  const values = pack.images.length / pack.count;
  return pack.images.subarray(point * values, (point + 1) * values);
}

/** The name of a label, "none" for -1. */
export function classLabel(pack: Pack, label: number): string {
  return label < 0 ? "none" : pack.facts.class_names[label] ?? String(label);
}
