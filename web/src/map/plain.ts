// Dots and images without WebGL2: dots set pixel by pixel, images by the canvas.

import { css } from "../colour";
import type { Rgb } from "../colour";
import type { Atlas } from "./atlas";
import { toScreen } from "./camera";
import { sides } from "./renderer";
import type { Dots, Frame, Renderer } from "./renderer";

const kUploads = 160;

export function makePlain(canvas: HTMLCanvasElement, atlas: Atlas | null): Renderer {
  return new PlainRenderer(canvas.getContext("2d")!, atlas);
}

class PlainRenderer implements Renderer {
  private positions = new Float32Array(0);
  private shown: Dots | null = null;
  private image: ImageData | null = null;
  private readonly squares: CanvasRenderingContext2D | null = null;

  constructor(private readonly context: CanvasRenderingContext2D, private readonly atlas: Atlas | null) {
    if (!atlas) return;
    atlas.clear();
    const canvas = document.createElement("canvas");
    canvas.width = atlas.columns * atlas.width;
    canvas.height = atlas.rows * atlas.height;
    this.squares = canvas.getContext("2d");
  }

  setPositions(positions: Float32Array): void {
    this.positions = positions;
  }
  setDots(dots: Dots): void {
    this.shown = dots;
  }

  draw(frame: Frame): boolean {
    const width = Math.round(frame.size.width * frame.ratio);
    const height = Math.round(frame.size.height * frame.ratio);
    const { canvas } = this.context;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    if (!this.image || this.image.width !== width || this.image.height !== height) this.image = new ImageData(width, height);
    this.image.data.fill(0);
    this.drawDots(frame, this.image);
    this.context.putImageData(this.image, 0, 0);
    return this.drawTiles(frame);
  }

  private drawDots(frame: Frame, image: ImageData): void {
    if (!this.shown) return;
    const { order, dimmed, rgb, dim } = this.shown;
    const { camera, ratio } = frame;
    const scale = camera.scale * ratio;
    const size = frame.dot * ratio;
    const box = Math.ceil(size) + 1;
    const mask = discs(size, box, frame.dotAlpha);
    const { positions } = this;
    const [left, top] = [image.width / 2 - box / 2, image.height / 2 - box / 2];
    const set = (at: number, colour: ArrayLike<number>, c: number) => {
      const x = left + (positions[2 * at] - camera.x) * scale;
      const y = top - (positions[2 * at + 1] - camera.y) * scale;
      splat(image, x, y, mask, box, colour, c);
    };
    for (let i = 0; i < dimmed; ++i) set(order[i], dim, 0);
    for (let i = dimmed; i < order.length; ++i) set(order[i], rgb, 3 * order[i]);
  }

  private drawTiles(frame: Frame): boolean {
    const { atlas, squares, context, shown } = this;
    const { points, alpha } = frame.tiles;
    if (!atlas || !squares || !shown || points.length === 0) return true;
    const whole = atlas.demand(points, kUploads, (x, y, pixels) =>
      squares.putImageData(new ImageData(pixels, atlas.width, atlas.height), x, y),
    );
    const [across, down] = sides(frame, atlas);
    const border = Math.round(frame.border * frame.ratio);
    points.forEach((point, i) => {
      const square = atlas.square(point);
      if (square < 0) return;
      const middle = toScreen(frame.camera, frame.size, this.positions[2 * point], this.positions[2 * point + 1]);
      const x = Math.round(middle[0] * frame.ratio - across / 2);
      const y = Math.round(middle[1] * frame.ratio - down / 2);
      context.globalAlpha = alpha[i];
      context.fillStyle = css([...shown.rgb.subarray(3 * point, 3 * point + 3)] as unknown as Rgb);
      context.fillRect(x, y, across, down);
      context.drawImage(
        squares.canvas, (square % atlas.columns) * atlas.width, Math.floor(square / atlas.columns) * atlas.height,
        atlas.width, atlas.height, x + border, y + border, across - 2 * border, down - 2 * border,
      );
    });
    context.globalAlpha = 1;
    return whole;
  }
}

const kSteps = 4; // positions of a disc within a pixel, in each direction

/** Coverage of a disc in a box of pixels, for 4 x 4 places within a pixel. */
function discs(size: number, box: number, alpha: number): Float32Array[] {
  return Array.from({ length: kSteps * kSteps }, (_, step) => {
    const [dx, dy] = [(step % kSteps) / kSteps, Math.floor(step / kSteps) / kSteps];
    const mask = new Float32Array(box * box);
    for (let y = 0; y < box; ++y) {
      for (let x = 0; x < box; ++x) {
        const off = Math.hypot(x + 0.5 - dx - box / 2, y + 0.5 - dy - box / 2);
        mask[y * box + x] = alpha * Math.min(1, Math.max(0, size / 2 - off));
      }
    }
    return mask;
  });
}

function splat(image: ImageData, left: number, top: number, masks: Float32Array[], box: number, colour: ArrayLike<number>, c: number): void {
  const [x0, y0] = [Math.floor(left), Math.floor(top)];
  if (!(x0 >= 0 && y0 >= 0 && x0 + box <= image.width && y0 + box <= image.height)) return;
  const mask = masks[Math.floor((top - y0) * kSteps) * kSteps + Math.floor((left - x0) * kSteps)];
  const { data, width } = image;
  for (let y = 0; y < box; ++y) {
    let at = 4 * ((y0 + y) * width + x0);
    for (let x = 0; x < box; ++x, at += 4) {
      const a = mask[y * box + x];
      if (a === 0) continue;
      // Over what is there, with straight alpha as ImageData has it.
      const under = (data[at + 3] / 255) * (1 - a);
      const over = a + under;
      for (let k = 0; k < 3; ++k) data[at + k] = (colour[c + k] * a + data[at + k] * under) / over;
      data[at + 3] = 255 * over;
    }
  }
}
