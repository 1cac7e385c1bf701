// The strip under the map: the steps of a line, the cross-fade of the pixels above them, the curve of
// distances below.

import { el, figure } from "../dom";
import type { App } from "../view";
import { lineSide, mixed, toFloats } from "./image_math";
import { imageView } from "./image_view";
import { curve } from "./line_curve";
import { even, kSteps } from "./line_steps";
import { imageOf } from "./pixels";
import { withoutDecoder } from "./points";
import { button, oneStop } from "./widgets";

export interface Steps {
  ends: readonly [number, number]; // points
  latents: Float32Array; // [kSteps, d]
  decoded: Float32Array | null; // [kSteps, values]
}

export interface LineStrip {
  draw(steps: Steps): void;
  /** At even steps along the line, none yet: empty; `texts`: what each step is, in words. */
  drawCurve(distances: number[], usual: number, texts: string[]): void;
}

export function lineStrip(app: App, host: HTMLElement, seen: (step: number) => void, chosen: (step: number) => void): LineStrip {
  const { pack } = app;
  const { shape } = pack.facts;
  const { side, whole } = lineSide(shape ?? { height: 1, width: 1, channels: 1 });
  const what = el("small");
  const rows = oneStop(el("div", { className: "line-steps" }));
  const chart = el("div");
  host.append(el("div", { className: "line-scroll" }, what, rows, chart));
  rows.style.gridTemplateColumns = `repeat(${kSteps}, ${side}px)`;

  function makeStep({ ends, decoded }: Steps, alpha: number, i: number): HTMLElement {
    const step = button("", () => chosen(i), "picks the point whose latent vector is nearest");
    step.className = "step";
    step.onpointerenter = step.onfocus = () => seen(i);
    const [a, b] = ends.map((point) => imageOf(pack, point));
    if (shape && a && b) {
      const fade = imageView(shape, Math.min(side, Math.max(56, shape.height)));
      fade.show(mixed(toFloats(a), toFloats(b), alpha), `cross-fade of the pixels at ${figure(alpha)}`);
      step.append(fade.element);
    }
    if (shape && decoded) {
      const image = imageView(shape, side, true, whole);
      image.show(stepOf(decoded, i), `step ${figure(alpha)}`);
      step.append(image.element);
    }
    step.append(el("small", {}, i === 0 ? `\u03b1 = ${figure(alpha)}` : figure(alpha)));
    return step;
  }

  return {
    draw(steps) {
      rows.replaceChildren(...even(kSteps).map((alpha, i) => makeStep(steps, alpha, i)));
      what.textContent = !steps.decoded
        ? withoutDecoder(pack)
        : `${pack.images ? "above: the plain cross-fade of the pixels; below: " : ""}decoded from the latent vectors between`;
    },
    drawCurve(distances, usual, texts) {
      chart.replaceChildren(curve(distances, usual, kSteps * side));
      Array.from(rows.children).forEach((step, i) => step.setAttribute("aria-label", texts[i]));
    },
  };
}

/** Row i of an array [kSteps, ...]. */
export function stepOf(all: Float32Array, i: number): Float32Array {
  const size = all.length / kSteps;
  return all.slice(i * size, (i + 1) * size);
}
