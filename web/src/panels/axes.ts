// Axes: directions of the latent space, each with a slider and five decoded steps.

import { el, figure } from "../dom";
import type { App } from "../view";
import { largestFirst, moved, scores, span } from "./directions";
import { meanSquared } from "./image_math";
import { imageView } from "./image_view";
import type { ImageView } from "./image_view";
import { latest } from "./latest";
import { describe, labelsFor, latentShown, majority, withoutDecoder } from "./points";
import { button, choice, sentence, whenSeen } from "./widgets";

const kSteps = 5;

interface Axis {
  index: number; // of the direction
  slider: HTMLInputElement;
  value: HTMLElement;
  images: ImageView[];
  element: HTMLElement;
  stale: boolean; // whether the strip shows another latent vector
  seen: boolean;
}

export function mountAxes(app: App, host: HTMLElement): void {
  const { pack, view } = app;
  const { directions } = pack;
  const { shape, latent_dim, takes_labels, class_names } = pack.facts;
  if (!directions || !shape || !app.engine.canDecode) {
    host.append(sentence(directions && shape ? withoutDecoder(pack) : "There are no directions in this page: they need latent vectors and a decoder."));
    return;
  }
  const axesCount = directions.ranges.length / 2;
  let base = directions.mean; // where the sliders start
  let start = new Float32Array(axesCount); // its scores
  let at = new Float32Array(axesCount); // those of the sliders
  let label: number | undefined;

  const large = imageView(shape, 168, true);
  const place = el("p", { className: "note", role: "status" });
  const axes = Array.from({ length: axesCount }, (_, index) => makeAxis(index));
  const list = el("div", { className: "axes" }, ...axes.map((axis) => axis.element));
  const origin = button("picked", () => begin(view.get("picked")), "starts from the latent vector of the picked point");
  const head = el("div", { className: "words" },
    el("div", { className: "row" }, origin, button("mean", () => begin(-1), "starts from the mean of all latent vectors"),
      button("reset", () => set(start), "moves all sliders back to where they started")), place);
  if (takes_labels) {
    head.append(choice("class", class_names, (i) => {
      label = i;
      redraw();
    }).element);
  }
  host.append(el("div", { className: "under-cursor" }, large.element, head),
    choice("sorted by", ["change of the image", "variance"], (i) => order(i === 0)).element, list);

  function makeAxis(index: number): Axis {
    const slider = el("input", { type: "range", step: "any", "aria-label": `direction ${index + 1}`, oninput: () => slide(index) });
    const value = el("output", {});
    const images = Array.from({ length: kSteps }, () => imageView(shape!, 56, true));
    const strip = el("div", { className: "abreast" }, ...images.map((image, i) => stepButton(index, i, image)));
    const element = el("section", { className: "axis" }, el("label", {}, `${index + 1} `, slider, value), strip);
    const axis: Axis = { index, slider, value, images, element, stale: true, seen: false };
    new IntersectionObserver(([entry]) => {
      axis.seen = entry.isIntersecting;
      if (axis.seen) strips();
    }).observe(element);
    return axis;
  }
  function stepButton(index: number, i: number, image: ImageView): HTMLElement {
    const step = button("", () => {
      const [low, high] = span(directions!, index, start[index]);
      const to = at.slice();
      to[index] = low + ((high - low) * i) / (kSteps - 1);
      set(to);
    }, "moves the slider here");
    step.className = "tile";
    step.append(image.element);
    return step;
  }

  async function begin(point: number): Promise<void> {
    const latent = point < 0 ? directions!.mean : await latentShown(app, point);
    if (!latent) return app.tell("The latent vector of this point is not in the page.");
    base = latent;
    start = point < 0 ? new Float32Array(axesCount) : scores(latent, directions!);
    label = point < 0 ? label : pack.labels?.[point];
    place.textContent = point < 0 ? "from the mean of all latent vectors" : `from ${describe(pack, point)}`;
    axes.forEach(({ index, slider }) => {
      const [low, high] = span(directions!, index, start[index]);
      slider.min = String(low);
      slider.max = String(high);
    });
    set(start);
  }
  function set(to: Float32Array): void {
    at = to.slice() as typeof at;
    axes.forEach(({ slider, index }) => (slider.value = String(at[index])));
    redraw();
  }
  function slide(index: number): void {
    at[index] = Number(axes[index].slider.value);
    redraw();
  }

  function redraw(): void {
    axes.forEach((axis) => {
      axis.stale = true;
      axis.value.textContent = figure(at[axis.index]);
    });
    decodeNow(moved(base, start, at, directions!));
  }
  const decodeNow = latest(async (latent: Float32Array) => {
    large.show(await app.engine.decode(latent, labelsFor(pack, label, 1)), "the latent vector of the sliders");
    if (app.engine.canPlace) {
      const [x, y] = await app.engine.place(latent);
      if (view.get("tab") === "axes") view.set("placed", [x, y]);
    }
    strips();
  }, app.tell);

  /** Decodes the strips in sight that show another latent vector than that of the sliders. */
  const strips = latest(async () => {
    for (const axis of axes) {
      if (!axis.seen || !axis.stale) continue;
      axis.stale = false;
      const images = await stepsOf(axis.index);
      const size = images.length / kSteps;
      axis.images.forEach((image, i) => image.show(images.subarray(i * size, (i + 1) * size), `direction ${axis.index + 1}, step ${i + 1} of ${kSteps}`));
    }
  }, app.tell) as () => void;

  function stepsOf(index: number): Promise<Float32Array> {
    const [low, high] = span(directions!, index, start[index]);
    const latents = new Float32Array(kSteps * latent_dim);
    for (let i = 0; i < kSteps; ++i) {
      const to = at.slice();
      to[index] = low + ((high - low) * i) / (kSteps - 1);
      latents.set(moved(base, start, to, directions!), i * latent_dim);
    }
    return app.engine.decode(latents, labelsFor(pack, label, kSteps));
  }

  /** By how much the ends of a direction's range differ as images, or as the pack has them: by variance. */
  async function order(byImage: boolean): Promise<void> {
    let sorted = axes.map((axis) => axis.index);
    if (byImage) {
      const changes = [];
      for (const { index } of axes) {
        const images = await stepsOf(index);
        const size = images.length / kSteps;
        changes.push(meanSquared(images.subarray(0, size), images.subarray((kSteps - 1) * size)));
      }
      sorted = largestFirst(changes);
    }
    list.append(...sorted.map((index) => axes[index].element));
  }

  let begun = false;
  whenSeen(host, async () => {
    if (begun) return;
    begun = true;
    if (takes_labels) label = majority(pack, Array.from({ length: pack.count }, (_, i) => i));
    await begin(view.get("picked"));
    await order(true);
  });
  view.on(["tab", "picked"], () => {
    origin.disabled = view.get("picked") < 0;
    if (begun && view.get("tab") === "axes") redraw();
  });
}
