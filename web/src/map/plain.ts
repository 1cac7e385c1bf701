// Dots and images without WebGL2: dots set pixel by pixel, images by the canvas.

import { css } from "../colour";
import type { Atlas } from "./atlas";
import { toScreen } from "./camera";
import { fitCanvas, sides } from "./renderer";
import type { Dots, Frame, Renderer } from "./renderer";

const kUploads = 160;

export function makePlain(canvas: HTMLCanvasElement, atlas: Atlas | null): Renderer {
  const context = canvas.getContext("2d")!;
  const squares = document.createElement("canvas").getContext("2d")!;
  if (atlas) {
    atlas.clear();
    squares.canvas.width = atlas.columns * atlas.width;
    squares.canvas.height = atlas.rows * atlas.height;
  }
  let positions = new Float32Array(0);
  let shown: Dots | null = null;
  let image = new ImageData(1, 1);

  const drawDots = ({ camera, ratio, dot, dotAlpha }: Frame, { order, dimmed, rgb, dim }: Dots) => {
    const scale = camera.scale * ratio;
    const box = Math.ceil(dot * ratio) + 1;
    const mask = discs(dot * ratio, box, dotAlpha);
    const [left, top] = [image.width / 2 - box / 2, image.height / 2 - box / 2];
    order.forEach((point, i) => {
      const x = left + (positions[2 * point] - camera.x) * scale;
      const y = top - (positions[2 * point + 1] - camera.y) * scale;
      if (i < dimmed) splat(image, x, y, mask, box, dim, 0);
      else splat(image, x, y, mask, box, rgb, 3 * point);
    });
  };

  const drawTiles = (frame: Frame, { rgb }: Dots): boolean => {
    const { points, alpha } = frame.tiles;
    if (!atlas || points.length === 0) return true;
    const { width, height, columns } = atlas;
    const whole = atlas.demand(points, kUploads, (x, y, pixels) => squares.putImageData(new ImageData(pixels, width, height), x, y));
    const [across, down] = sides(frame, atlas);
    const border = Math.round(frame.border * frame.ratio);
    points.forEach((point, i) => {
      const square = atlas.square(point);
      if (square < 0) return;
      const middle = toScreen(frame.camera, frame.size, positions[2 * point], positions[2 * point + 1]);
      const x = Math.round(middle[0] * frame.ratio - across / 2);
      const y = Math.round(middle[1] * frame.ratio - down / 2);
      context.globalAlpha = alpha[i];
      context.fillStyle = css([rgb[3 * point], rgb[3 * point + 1], rgb[3 * point + 2]]);
      context.fillRect(x, y, across, down);
      context.drawImage(
        squares.canvas, (square % columns) * width, Math.floor(square / columns) * height, width, height,
        x + border, y + border, across - 2 * border, down - 2 * border,
      );
    });
    context.globalAlpha = 1;
    return whole;
  };

  return {
    setPositions(now) {
      positions = now;
    },
    setDots(now) {
      shown = now;
    },
    draw(frame) {
      fitCanvas(canvas, frame);
      if (!shown) return true;
      if (image.width !== canvas.width || image.height !== canvas.height) image = new ImageData(canvas.width, canvas.height);
      image.data.fill(0);
      drawDots(frame, shown);
      context.putImageData(image, 0, 0);
      return drawTiles(frame, shown);
    },
  };
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
