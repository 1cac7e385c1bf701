// What draws dots and images: WebGL2 (gl.ts) or, where it is missing, a canvas (plain.ts). Both draw the
// same picture.

import type { Rgb } from "../colour";
import type { Camera } from "../view";
import type { Box, Size } from "./camera";
import type { Atlas } from "./atlas";

export interface Frame {
  camera: Camera;
  size: Size;
  ratio: number; // device pixels of a CSS pixel
  dot: number; // diameter, CSS pixels
  dotAlpha: number;
  tiles: Tiles;
  side: number; // longer side of an image with its frame, CSS pixels
  border: number; // of the frame
}

/** Images in the order of drawing. */
export interface Tiles {
  points: number[];
  alpha: Float32Array;
}

export interface Dots {
  order: Int32Array; // points, first drawn first: those that are dimmed, then those that are shown
  dimmed: number; // how many of them are dimmed
  rgb: Uint8Array; // [count, 3], of points
  dim: Rgb;
}

export interface Renderer {
  setPositions(positions: Float32Array): void; // [count, 2]
  setDots(dots: Dots): void;
  /** Returns whether all images were drawn; the others follow in the next frames. */
  draw(frame: Frame): boolean;
}

/** A random order of [0, n), the same each time, so that no class covers the others. */
export function drawOrder(n: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  let state = 0x9e3779b9;
  for (let i = n - 1; i > 0; --i) {
    state = Math.imul(state ^ (state >>> 15), state | 1); // mulberry32
    state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
    const at = ((state ^ (state >>> 14)) >>> 0) % (i + 1);
    [order[i], order[at]] = [order[at], order[i]];
  }
  return order;
}

/** The order with the dimmed points first. */
export function dimmedFirst(order: Int32Array, active: Uint8Array): { order: Int32Array; dimmed: number } {
  const sorted = new Int32Array(order.length);
  let dimmed = 0;
  for (const point of order) if (!active[point]) sorted[dimmed++] = point;
  let at = dimmed;
  for (const point of order) if (active[point]) sorted[at++] = point;
  return { order: sorted, dimmed };
}

const kMostCells = 1 << 22;

/** The dots of an order that can be seen in a box of the map: of those in one cell (side in units of the
 * map, smaller than a dot) the last one lies on the others. */
export function uncovered(
  dots: { order: Int32Array; dimmed: number }, positions: Float32Array, box: Box, cell: number,
): { order: Int32Array; dimmed: number } {
  const [left, bottom] = [Math.floor(box.left / cell), Math.floor(box.bottom / cell)];
  const columns = Math.floor(box.right / cell) - left + 1;
  const cells = columns * (Math.floor(box.top / cell) - bottom + 1);
  const taken = cells <= kMostCells ? new Uint8Array(cells) : null;
  const { order } = dots;
  const kept = new Int32Array(order.length);
  let at = kept.length;
  let dimmed = 0;
  for (let i = order.length - 1; i >= 0; --i) {
    const x = positions[2 * order[i]];
    const y = positions[2 * order[i] + 1];
    if (!(x >= box.left && x <= box.right && y >= box.bottom && y <= box.top)) continue;
    if (taken) {
      const here = (Math.floor(y / cell) - bottom) * columns + Math.floor(x / cell) - left;
      if (taken[here]) continue;
      taken[here] = 1;
    }
    kept[--at] = order[i];
    if (i < dots.dimmed) ++dimmed;
  }
  return { order: kept.subarray(at), dimmed };
}

/** Width and height of an image with its frame, device pixels. */
export function sides(frame: Frame, atlas: Atlas): [number, number] {
  const longer = Math.max(atlas.width, atlas.height);
  return [Math.round((frame.side * frame.ratio * atlas.width) / longer), Math.round((frame.side * frame.ratio * atlas.height) / longer)];
}

/** Gives a canvas the device pixels of a frame, if it has others: that empties it. */
export function fitCanvas(canvas: HTMLCanvasElement, { size, ratio }: Pick<Frame, "size" | "ratio">): void {
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
}
