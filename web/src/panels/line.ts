// Line: the way between two points through the latent space, decoded; above it the cross-fade of the
// pixels, below it how far the nearest latent vector is. The steps lie in a strip under the map,
// ends and numbers in the panel.

import { el, figure } from "../dom";
import { className } from "../pack";
import type { App } from "../view";
import { interpCommand } from "./commands";
import { mixed, norm, toFloats } from "./image_math";
import { imageView } from "./image_view";
import { latest } from "./latest";
import { curve } from "./line_curve";
import { along, even, kCurvePoints, kSteps, labelsAlong, median, nearestOther } from "./line_steps";
import { imageOf } from "./pixels";
import { describe, latentShown, positionOf, withoutDecoder } from "./points";
import { tiles } from "./tiles";
import { button, choice, copyButton, sentence } from "./widgets";

const kTile = 84; // CSS pixels of a step, at most
const kFade = 56; // of the cross-fade above it
const kSample = 48; // points in the usual distance

interface Steps {
  ends: readonly [number, number];
  latents: Float32Array; // [kSteps, d]
  decoded: Float32Array | null; // [kSteps, values]
}

export function mountLine(app: App, strip: HTMLElement, pane: HTMLElement): void {
  const { pack, view } = app;
  const { shape, class_names, latent_dim } = pack.facts;
  if (!pack.latents) {
    pane.append(sentence("There are no latent vectors in this page, so there is no line between two of them."));
    return;
  }
  let ends: [number, number] = [-1, -1];
  let steps: Steps | null = null;
  let distances: number[] = []; // at even(kCurvePoints)

  const from = tiles(app, "first point", 56, "end");
  const to = tiles(app, "last point", 56, "end");
  const state = el("p", { className: "note", role: "status" });
  const large = shape && imageView(shape, 168, true);
  if (large) large.element.hidden = true;
  const copy = copyButton("command", () => interpCommand(pack, ...ends) ?? "");
  pane.append(
    el("div", { className: "row" }, from.element, button("\u21c4", () => choose(ends[1], ends[0]), "swap the ends"), to.element),
    el("div", { className: "row" }, button("from picked", () => choose(view.get("picked"), ends[1])), button("to picked", () => choose(ends[0], view.get("picked")))),
    classes(),
    sentence("Or take the tool Line and click two points of the map."),
    state,
    ...(large ? [large.element] : []),
    el("div", { className: "row" }, copy),
  );

  function classes(): HTMLElement {
    const row = el("div", { className: "row" });
    if (!pack.labels || class_names.length < 2) return row;
    const pick = () => {
      const [a, b] = selects.map(({ select }) => pack.labels!.indexOf(select.selectedIndex));
      if (a >= 0 && b >= 0) choose(a, b);
      else app.tell("One of these classes has no image in this page.");
    };
    const selects = ["classes", "to"].map((name) => choice(name, class_names, pick));
    selects[1].select.selectedIndex = 1;
    row.append(...selects.map(({ element }) => element));
    return row;
  }

  function choose(a: number, b: number): void {
    if (a < 0 && b < 0) return app.tell("Nothing is picked: click a point of the map first.");
    ends = [a, b];
    if (a >= 0 && b >= 0) view.set("line", ends);
    drawEnds();
  }
  function drawEnds(): void {
    void from.show(ends[0] < 0 ? [] : [ends[0]], () => className(pack, ends[0]));
    void to.show(ends[1] < 0 ? [] : [ends[1]], () => className(pack, ends[1]));
    copy.hidden = interpCommand(pack, ...ends) === null;
  }

  const compute = latest(async (two: readonly [number, number]) => {
    const [a, b] = [await latentShown(app, two[0]), await latentShown(app, two[1])];
    if (!a || !b) throw new Error("The latent vectors of this map are not in the page.");
    const alphas = even(kSteps);
    const latents = along(a, b, alphas);
    if (app.engine.canPlace) view.set("path", await app.engine.place(latents));
    const labels = pack.facts.takes_labels && pack.labels ? labelsAlong(pack.labels[two[0]], pack.labels[two[1]], alphas) : undefined;
    steps = { ends: two, latents, decoded: app.engine.canDecode ? await app.engine.decode(latents, labels) : null };
    distances = [];
    drawStrip();
    await measure(two, a, b);
  }, app.tell);

  let usual = NaN;
  async function measure(two: readonly [number, number], a: Float32Array, b: Float32Array): Promise<void> {
    const found: number[] = [];
    const line = along(a, b, even(kCurvePoints));
    for (let i = 0; i < kCurvePoints; ++i) {
      const near = await app.engine.near("latent", line.slice(i * latent_dim, (i + 1) * latent_dim), 3);
      if (view.get("line") !== two) return; // a newer line waits
      found.push(nearestOther(near.points, near.distances, two));
    }
    if (Number.isNaN(usual)) {
      const step = Math.max(1, Math.floor(pack.count / kSample));
      const all = [];
      for (let i = 0; i < pack.count; i += step) all.push((await app.engine.near("latent", i, 1)).distances[0]);
      usual = median(all);
    }
    distances = found;
    drawStrip();
  }

  function drawStrip(): void {
    if (!steps) return;
    const { ends: two, decoded } = steps;
    const images = two.map((point) => imageOf(pack, point));
    const rows = el("div", { className: "line-steps" });
    const size = decoded ? decoded.length / kSteps : 0;
    even(kSteps).forEach((alpha, i) => {
      const step = button("", () => pickNearest(i), "picks the point whose latent vector is nearest");
      step.className = "step";
      step.setAttribute("aria-label", stepText(i));
      step.onpointerenter = step.onfocus = () => tellStep(i);
      if (shape && images[0] && images[1]) {
        const fade = imageView(shape, kFade);
        fade.show(mixed(toFloats(images[0]), toFloats(images[1]), alpha), `cross-fade of the pixels at ${figure(alpha)}`);
        step.append(fade.element);
      }
      if (shape && decoded) {
        const image = imageView(shape, kTile, true);
        image.show(decoded.subarray(i * size, (i + 1) * size), `step ${figure(alpha)}`);
        step.append(image.element);
      }
      step.append(el("small", {}, i === 0 ? `\u03b1 = ${figure(alpha)}` : figure(alpha)));
      rows.append(step);
    });
    const notes = decoded ? [] : [sentence(withoutDecoder(pack))];
    strip.replaceChildren(el("div", { className: "line-scroll" }, el("small", {}, "above: the plain cross-fade of the pixels; below: decoded from the latent vectors between"), rows, ...notes, curve(distances, usual)));
    tellStep(Math.floor(kSteps / 2));
  }

  function stepText(i: number): string {
    const alpha = even(kSteps)[i];
    const distance = distances[Math.round(alpha * (kCurvePoints - 1))];
    const length = norm(steps!.latents.subarray(i * latent_dim, (i + 1) * latent_dim));
    return `\u03b1 ${figure(alpha)}: norm ${figure(length)}${distance === undefined ? "" : `, nearest latent vector ${figure(distance)} away`}`;
  }
  function tellStep(i: number): void {
    state.textContent = stepText(i);
    const { decoded } = steps!;
    if (!large || !decoded) return;
    const size = decoded.length / kSteps;
    large.element.hidden = false;
    large.show(decoded.subarray(i * size, (i + 1) * size), stepText(i));
  }
  async function pickNearest(i: number): Promise<void> {
    const near = await app.engine.near("latent", steps!.latents.slice(i * latent_dim, (i + 1) * latent_dim), 1);
    view.set("picked", near.points[0]);
    app.tell(`picked ${describe(pack, near.points[0])}`);
  }

  /** A first line: from what is picked to the farthest point on the map of another class. */
  function suggest(): void {
    const a = Math.max(0, view.get("picked"));
    const map = pack.maps[view.get("map")];
    const [x, y] = positionOf(pack, view.get("map"), a);
    let [b, most] = [-1, -1];
    for (let i = 0; i < pack.count; ++i) {
      const far = (map[2 * i] - x) ** 2 + (map[2 * i + 1] - y) ** 2;
      if (far > most && i !== a) [b, most] = [i, far];
    }
    if (b >= 0) choose(a, b);
  }

  view.on(["tab", "line", "map"], () => {
    if (view.get("tab") !== "line") {
      view.set("path", null);
      return;
    }
    const line = view.get("line");
    if (!line) return suggest();
    ends = [line[0], line[1]];
    drawEnds();
    void compute(line);
  });
}
