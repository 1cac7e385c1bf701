// Images of points in the squares of one texture, on demand: only those that are seen, so that no
// limit of textures bites. Square and texture sizes are in pixels.

import type { Pack } from "../pack";

const kLargest = 64; // side of a square; larger images are made smaller
const kSquares = 46; // along the texture's side, if its limit allows: 2,116 squares

export class Atlas {
  readonly width: number; // of a square
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  private readonly squareOf = new Map<number, number>(); // of points; the least recently used first
  private readonly free: number[];
  private readonly pixels: Uint8ClampedArray;

  private constructor(private readonly pack: Pack, limit: number) {
    const { height, width } = pack.facts.shape!;
    const shrink = Math.min(1, kLargest / Math.max(height, width));
    this.width = Math.max(1, Math.round(width * shrink));
    this.height = Math.max(1, Math.round(height * shrink));
    this.columns = Math.min(kSquares, Math.floor(limit / this.width));
    this.rows = Math.min(kSquares, Math.floor(limit / this.height));
    this.free = Array.from({ length: this.columns * this.rows }, (_, i) => this.columns * this.rows - 1 - i);
    this.pixels = new Uint8ClampedArray(4 * this.width * this.height);
  }

  /** Null where the pack has no images. */
  static of(pack: Pack, limit: number): Atlas | null {
    return pack.images && pack.facts.shape && pack.images.length > 0 ? new Atlas(pack, limit) : null;
  }

  get capacity(): number {
    return this.columns * this.rows;
  }
  has(point: number): boolean {
    const { height, width, channels } = this.pack.facts.shape!;
    return point < this.pack.images!.length / (height * width * channels);
  }
  /** Forgets all, for another texture. */
  clear(): void {
    this.free.push(...this.squareOf.values());
    this.squareOf.clear();
  }
  /** The square of a point that `upload` was called for. */
  square(point: number): number {
    return this.squareOf.get(point) ?? -1;
  }

  /** Calls `upload` with the pixels of each of these points that has no square yet, at most `most` of
   * them, in the place of those that were not asked for longest. Returns whether all have one. */
  demand(points: number[], most: number, upload: (x: number, y: number, pixels: Uint8ClampedArray) => void): boolean {
    const missing: number[] = [];
    for (const point of points) {
      const square = this.squareOf.get(point);
      if (square === undefined) {
        missing.push(point);
        continue;
      }
      this.squareOf.delete(point);
      this.squareOf.set(point, square);
    }
    for (const point of missing.slice(0, most)) {
      const square = this.free.pop() ?? this.oldest();
      this.squareOf.set(point, square);
      tilePixels(this.pack, point, this.width, this.height, this.pixels);
      upload((square % this.columns) * this.width, Math.floor(square / this.columns) * this.height, this.pixels);
    }
    return missing.length <= most;
  }

  private oldest(): number {
    const [point, square] = this.squareOf.entries().next().value as [number, number];
    this.squareOf.delete(point);
    return square;
  }
}

/** An image of the pack as RGBA, made smaller by the mean of each box of pixels. */
export function tilePixels(pack: Pack, point: number, width: number, height: number, into: Uint8ClampedArray): void {
  const shape = pack.facts.shape!;
  const { channels } = shape;
  const begin = point * shape.height * shape.width * channels;
  const images = pack.images!;
  for (let y = 0; y < height; ++y) {
    const top = Math.floor((y * shape.height) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * shape.height) / height));
    for (let x = 0; x < width; ++x) {
      const left = Math.floor((x * shape.width) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * shape.width) / width));
      const at = 4 * (y * width + x);
      for (let c = 0; c < 3; ++c) {
        let sum = 0;
        for (let row = top; row < bottom; ++row) {
          for (let column = left; column < right; ++column)
            sum += images[begin + (row * shape.width + column) * channels + (channels >= 3 ? c : 0)];
        }
        into[at + c] = sum / ((bottom - top) * (right - left));
      }
      into[at + 3] = 255;
    }
  }
}
