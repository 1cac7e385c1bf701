// One direction of the panel Axes: a slider and a strip of decoded steps along it.

import { el, figure } from "../dom";
import type { Shape } from "../pack";
import { imageView } from "./image_view";
import { button, oneStop } from "./widgets";

export const kSteps = 5;

export class AxisRow {
  readonly element: HTMLElement;
  stale = true; // whether the strip shows another latent vector than that of the sliders
  seen = false; // whether it is in sight
  private readonly slider: HTMLInputElement;
  private readonly value = el("output");
  private readonly images;

  /** `moved` gets the slider's new score, `shown` is called when the row comes into sight. */
  constructor(readonly index: number, shape: Shape, moved: (to: number) => void, shown: () => void) {
    const name = `direction ${index + 1}`;
    this.slider = el("input", { type: "range", step: "any", "aria-label": name, oninput: () => moved(Number(this.slider.value)) });
    this.images = Array.from({ length: kSteps }, () => imageView(shape, 56, true));
    const steps = this.images.map((image, i) => {
      const step = button("", () => moved(this.scoreOf(i)), "moves the slider here");
      step.className = "tile";
      step.append(image.element);
      return step;
    });
    this.element = el("section", { className: "axis" }, el("label", {}, `${index + 1} `, this.slider, this.value), oneStop(el("div", { className: "abreast" }, ...steps)));
    new IntersectionObserver((entries) => {
      this.seen = entries[entries.length - 1].isIntersecting;
      if (this.seen) shown();
    }).observe(this.element);
  }

  setRange([low, high]: [number, number]): void {
    this.slider.min = String(low);
    this.slider.max = String(high);
  }
  setScore(score: number): void {
    this.slider.value = String(score);
    this.value.textContent = figure(score);
  }
  /** The score of step i: the ends of the slider and evenly between. */
  scoreOf(i: number): number {
    const [low, high] = [Number(this.slider.min), Number(this.slider.max)];
    return low + ((high - low) * i) / (kSteps - 1);
  }
  /** Images [kSteps, values]. */
  show(images: Float32Array): void {
    const size = images.length / kSteps;
    this.images.forEach((image, i) => image.show(images.subarray(i * size, (i + 1) * size), `direction ${this.index + 1}, step ${i + 1} of ${kSteps}`));
  }
}
