// Images of other sizes brought to that of the data, as hourglass reads them (`--fit`,
// `--background`): the mean over each new pixel's area where an image shrinks, linear between pixel
// centres where it grows.

import type { Shape } from "../pack";

interface Taps {
  first: number;
  weights: number[]; // of consecutive old pixels, summing to 1
}

function taps(from: number, to: number): Taps[] {
  return Array.from({ length: to }, (_, i) => (to < from ? shrinking(i, from, to) : growing(i, from, to)));
}

/** In units of 1/to of an old pixel, old pixel j covers [j to, (j + 1) to), new pixel i [i from, (i + 1) from). */
function shrinking(i: number, from: number, to: number): Taps {
  const begin = i * from;
  const end = begin + from;
  const first = Math.floor(begin / to);
  const weights = [];
  for (let j = first; j * to < end; ++j) weights.push((Math.min(end, (j + 1) * to) - Math.max(begin, j * to)) / from);
  return { first, weights };
}

function growing(i: number, from: number, to: number): Taps {
  const position = Math.max(0, Math.min(from - 1, ((i + 0.5) * from) / to - 0.5));
  const first = Math.floor(position);
  const second = position - first;
  return { first, weights: second > 0 ? [1 - second, second] : [1] };
}

export type Size = { height: number; width: number };

/** Values [height, width, channels] at another size. */
export function resized(values: ArrayLike<number>, { height, width, channels }: Shape, to: Size): Float32Array {
  const columns = taps(width, to.width);
  const narrow = new Float32Array(height * to.width * channels);
  for (let y = 0; y < height; ++y) {
    columns.forEach(({ first, weights }, x) => {
      for (let c = 0; c < channels; ++c) {
        let sum = 0;
        for (let k = 0; k < weights.length; ++k) sum += weights[k] * values[(y * width + first + k) * channels + c];
        narrow[(y * to.width + x) * channels + c] = sum;
      }
    });
  }
  const line = to.width * channels;
  const out = new Float32Array(to.height * line);
  taps(height, to.height).forEach(({ first, weights }, y) => {
    for (let i = 0; i < line; ++i) {
      let sum = 0;
      for (let k = 0; k < weights.length; ++k) sum += weights[k] * narrow[(first + k) * line + i];
      out[y * line + i] = sum;
    }
  });
  return out;
}

export type Fit = "stretch" | "crop" | "pad";
type Window = Size & { top: number; left: number };

/** What of an image is taken, and which part of the new one it fills. */
export function placement(from: Size, to: Size, fit: Fit): { from: Window; to: Window } {
  const wider = from.width * to.height > to.width * from.height;
  const scaled = (a: number, b: number, c: number) => Math.max(1, Math.floor((2 * a * b + c) / (2 * c)));
  const middle = (outer: Size, { height, width }: Size): Window => ({
    top: Math.floor((outer.height - height) / 2),
    left: Math.floor((outer.width - width) / 2),
    height,
    width,
  });
  const whole = { from: middle(from, from), to: middle(to, to) };
  if (fit === "crop") {
    const part = wider
      ? { height: from.height, width: Math.min(from.width, scaled(from.height, to.width, to.height)) }
      : { height: Math.min(from.height, scaled(from.width, to.height, to.width)), width: from.width };
    return { from: middle(from, part), to: whole.to };
  }
  if (fit === "pad") {
    const part = wider
      ? { height: Math.min(to.height, scaled(from.height, to.width, from.width)), width: to.width }
      : { height: to.height, width: Math.min(to.width, scaled(from.width, to.height, from.height)) };
    return { from: whole.from, to: middle(to, part) };
  }
  return whole;
}

/** "black", "white" or "#rrggbb" as red, green and blue, 0..255. */
export function colourOf(background: string): [number, number, number] {
  if (background === "white") return [255, 255, 255];
  const number = /^#[0-9a-f]{6}$/i.test(background) ? parseInt(background.slice(1), 16) : 0;
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** An RGBA image 0..255 of size `size` as values [height, width, channels] in [0, 1] of the data's
 * shape. Colours become grey by their luma (ITU-R BT.601) where the data is grey. */
export function fittedImage(rgba: Uint8ClampedArray, size: Size, shape: Shape, fit: Fit, background: string): Float32Array {
  const below = toChannels(colourOf(background), shape.channels);
  const place = placement(size, shape, fit);
  const { top, left, height, width } = place.from;
  const part = new Float32Array(height * width * shape.channels);
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const at = 4 * ((top + y) * size.width + left + x);
      const alpha = rgba[at + 3] / 255;
      const colour = toChannels([rgba[at], rgba[at + 1], rgba[at + 2]], shape.channels);
      for (let c = 0; c < shape.channels; ++c) {
        part[(y * width + x) * shape.channels + c] = Math.round(alpha * colour[c] + (1 - alpha) * below[c]);
      }
    }
  }
  const small = resized(part, { height, width, channels: shape.channels }, place.to);
  const out = new Float32Array(shape.height * shape.width * shape.channels).map((_, i) => below[i % shape.channels] / 255);
  const line = place.to.width * shape.channels;
  for (let y = 0; y < place.to.height; ++y) {
    const bytes = small.subarray(y * line, (y + 1) * line).map((value) => Math.floor(value + 0.5) / 255);
    out.set(bytes, ((place.to.top + y) * shape.width + place.to.left) * shape.channels);
  }
  return out;
}

function toChannels([red, green, blue]: [number, number, number], channels: number): number[] {
  return channels === 1 ? [0.299 * red + 0.587 * green + 0.114 * blue] : [red, green, blue];
}
