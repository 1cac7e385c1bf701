// Which images are seen and how strongly: they come and go with the zoom, not at once.

import { boxOf } from "./camera";
import type { Box } from "./camera";
import type { Grid } from "./grid";
import type { Tiles } from "./renderer";
import { crowding, thin } from "./thin";

const kSide = 34; // CSS pixels of an image where there are many
const kLargest = 112; // and where there are few
const kRoom = 1.25; // side of a cell by that of its image
const kFade = 150; // ms
// Images begin to show, small, where a cell has so many points, and have their size where it has so many.
const kFirst = 40;
const kWhole = 10;
const kAll = 2.5; // most points have their image: images grow from here on

interface Wish {
  points: Set<number>;
  key: string;
}

export class TileSet {
  private fades = new Map<number, number>(); // point to 0..1
  private wish: Wish = { points: new Set(), key: "" };
  private crowds = new Map<number, number>(); // of levels
  private fullScale = Infinity;
  private box: Box | null = null;
  private version = 0;

  /** `side` of an image is at least so many CSS pixels, so that the visible ones fit into the texture. */
  constructor(private grid: Grid, private wanted: (point: number) => boolean, private readonly least: number) {
    this.setGrid(grid);
  }

  setGrid(grid: Grid): void {
    this.grid = grid;
    this.box = boxOf(grid.positions);
    this.crowds.clear();
    ++this.version;
    let level = this.box ? Math.ceil(2 * Math.log2(this.box.right - this.box.left || 1)) : 0;
    for (let steps = 0; steps < 60 && this.crowd(level) > kAll; ++steps) --level;
    this.fullScale = (this.base * kRoom) / 2 ** (level / 2);
  }
  setWanted(wanted: (point: number) => boolean): void {
    this.wanted = wanted;
    ++this.version;
  }

  side(scale: number): number {
    return this.room(scale) * (0.6 + 0.4 * this.share(scale));
  }
  private room(scale: number): number {
    return Math.min(kLargest, this.base * Math.max(1, scale / this.fullScale) ** 0.6);
  }
  /** How far images have come in the place of dots at a scale, 0..1. */
  private share(scale: number): number {
    const level = 2 * Math.log2((this.base * kRoom) / scale);
    const below = Math.floor(level);
    const crowd = this.crowd(below) + (level - below) * (this.crowd(below + 1) - this.crowd(below));
    const t = Math.log(kFirst / crowd) / Math.log(kFirst / kWhole);
    return Math.min(1, Math.max(0, t));
  }

  /** The images of a view after `elapsed` ms, and whether they go on changing. */
  step(box: Box, scale: number, elapsed: number): { tiles: Tiles; moving: boolean } {
    const share = this.share(scale);
    const room = this.room(scale);
    const cell = 2 ** (Math.ceil(2 * Math.log2((room * kRoom) / scale)) / 2);
    const cells = [box.left, box.bottom, box.right, box.top].map((at) => Math.floor(at / cell));
    const key = share > 0 ? [this.version, cell, ...cells].join() : "none";
    if (key !== this.wish.key) {
      const points = share > 0 ? thin(this.grid, box, cell, room / scale, this.wanted) : [];
      this.wish = { points: new Set(points), key };
    }
    const change = Number.isFinite(elapsed) ? elapsed / kFade : 1;
    let moving = false;
    for (const point of this.wish.points) if (!this.fades.has(point)) this.fades.set(point, 0);
    for (const [point, before] of this.fades) {
      const to = this.wish.points.has(point) ? 1 : 0;
      const now = to ? Math.min(1, before + change) : Math.max(0, before - change);
      if (now === 0 && !to) this.fades.delete(point);
      else this.fades.set(point, now);
      if (now !== to) moving = true;
    }
    const points = [...this.fades.keys()];
    return { tiles: { points, alpha: Float32Array.from(this.fades.values()) }, moving };
  }

  /** The image that covers a position of the map, the topmost, or -1. */
  under(x: number, y: number, scale: number): number {
    if (this.share(scale) === 0) return -1;
    const half = this.side(scale) / 2 / scale;
    const { positions } = this.grid;
    let hit = -1;
    for (const [point, fade] of this.fades) {
      if (fade > 0.5 && Math.abs(positions[2 * point] - x) < half && Math.abs(positions[2 * point + 1] - y) < half) hit = point;
    }
    return hit;
  }

  private get base(): number {
    return Math.max(kSide, this.least);
  }
  private crowd(level: number): number {
    let crowd = this.crowds.get(level);
    if (crowd === undefined) {
      crowd = this.box ? crowding(this.grid.positions, 2 ** (level / 2), this.box) : 1;
      this.crowds.set(level, crowd);
    }
    return crowd;
  }
}
