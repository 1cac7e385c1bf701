// Line: the way between two points through the latent space, decoded. The steps lie in a strip under
// the map (line_strip.ts), ends and numbers in the panel.

import { el, figure } from "../dom";
import { className } from "../pack";
import type { App } from "../view";
import { interpCommand } from "./commands";
import { norm } from "./image_math";
import { imageView } from "./image_view";
import { latest } from "./latest";
import { along, even, kCurvePoints, kSteps, labelsAlong, median, nearestOther } from "./line_steps";
import { lineStrip, stepOf } from "./line_strip";
import type { Steps } from "./line_strip";
import { describe, latentShown, positionOf } from "./points";
import { tiles } from "./tiles";
import { button, choice, copyButton, sentence } from "./widgets";

type Ends = readonly [number, number]; // points, -1: not chosen

const kSample = 48; // points in the usual distance

export function mountLine(app: App, strip: HTMLElement, pane: HTMLElement): void {
  const { pack, view } = app;
  if (!pack.latents) {
    pane.append(sentence("There are no latent vectors in this page, so there is no line between two of them."));
    return;
  }
  const drawEnds = endsView(app, pane, (ends) => view.set("line", ends));
  const state = el("p", { className: "note", role: "status" });
  const { shape } = pack.facts;
  const large = shape && imageView(shape, 168, true);
  pane.append(state, ...(large ? [large.element] : []));

  let steps: Steps | null = null;
  let distances: number[] = []; // at even(kCurvePoints)
  let usual = NaN; // between neighbours
  let current = kSteps >> 1; // the step in the panel
  const below = lineStrip(app, strip, showStep, (i) => void pickNearest(i));

  const compute = latest(async (ends: Ends) => {
    const [a, b] = [await latentShown(app, ends[0]), await latentShown(app, ends[1])];
    if (!a || !b) throw new Error("The latent vectors of this map are not in the page.");
    const alphas = even(kSteps);
    const latents = along(a, b, alphas);
    if (app.engine.canPlace) view.set("path", await app.engine.place(latents));
    const labels = pack.facts.takes_labels && pack.labels ? labelsAlong(pack.labels[ends[0]], pack.labels[ends[1]], alphas) : undefined;
    steps = { ends, latents, decoded: app.engine.canDecode ? await app.engine.decode(latents, labels) : null };
    distances = [];
    below.draw(steps);
    drawCurve();
    if (!(await measure(ends, along(a, b, even(kCurvePoints))))) return;
    drawCurve();
  }, app.tell);

  /** Measures the distances; returns whether the line is still the one that is asked for. */
  async function measure(ends: Ends, line: Float32Array): Promise<boolean> {
    const d = line.length / kCurvePoints;
    const found = [];
    for (let i = 0; i < kCurvePoints; ++i) {
      const near = await app.engine.near("latent", line.slice(i * d, (i + 1) * d), 3);
      if (view.get("line") !== ends) return false;
      found.push(nearestOther(near.points, near.distances, ends));
    }
    if (Number.isNaN(usual)) usual = await usualDistance(app);
    distances = found;
    return true;
  }

  function drawCurve(): void {
    below.drawCurve(distances, usual, even(kSteps).map((_, i) => stepText(i)));
    showStep(current);
  }
  function stepText(i: number): string {
    const alpha = even(kSteps)[i];
    const distance = distances[Math.round(alpha * (kCurvePoints - 1))];
    const away = distance === undefined ? "" : `, nearest latent vector ${figure(distance)} away`;
    return `\u03b1 ${figure(alpha)}: norm ${figure(norm(stepOf(steps!.latents, i)))}${away}`;
  }
  function showStep(i: number): void {
    current = i;
    state.textContent = stepText(i);
    if (large && steps!.decoded) large.show(stepOf(steps!.decoded, i), stepText(i));
    if (large) large.element.hidden = !steps!.decoded;
  }
  async function pickNearest(i: number): Promise<void> {
    const [point] = (await app.engine.near("latent", stepOf(steps!.latents, i), 1)).points;
    view.set("picked", point);
    app.tell(`picked ${describe(pack, point)}`);
  }

  view.on(["tab", "line", "map"], () => {
    if (view.get("tab") !== "line") return view.set("path", null);
    const line = view.get("line");
    if (!line) return view.set("line", suggested(app));
    drawEnds(line);
    compute(line);
  });
}

/** The two ends, and the ways to choose them; returns what shows other ones. */
function endsView(app: App, pane: HTMLElement, chosen: (ends: Ends) => void): (ends: Ends) => void {
  const { pack, view } = app;
  const { class_names } = pack.facts;
  let ends: Ends = [-1, -1];
  const two = [tiles(app, "first point", 56, "end"), tiles(app, "last point", 56, "end")];
  const copy = copyButton("command", () => interpCommand(pack, ...ends)!);
  const choose = (a: number, b: number) => {
    if (a < 0 || b < 0) return app.tell("Nothing is picked: click a point of the map first.");
    chosen([a, b]);
  };
  pane.append(
    el("div", { className: "row" }, two[0].element, button("\u21c4", () => choose(ends[1], ends[0]), "swap the ends"), two[1].element),
    el("div", { className: "row" }, button("from picked", () => choose(view.get("picked"), ends[1])), button("to picked", () => choose(ends[0], view.get("picked"))), copy),
  );
  if (pack.labels && class_names.length > 1) {
    const pick = () => {
      const [a, b] = selects.map(({ select }) => pack.labels!.indexOf(select.selectedIndex));
      if (a >= 0 && b >= 0) choose(a, b);
      else app.tell("One of these classes has no image in this page.");
    };
    const selects = ["classes", "to"].map((name) => choice(name, class_names, pick));
    selects[1].select.selectedIndex = 1;
    pane.append(el("div", { className: "row" }, ...selects.map(({ element }) => element)));
  }
  pane.append(sentence("Or take the tool Line and click two points of the map."));
  return (now) => {
    ends = now;
    two.forEach((tile, i) => void tile.show([ends[i]], () => className(pack, ends[i])));
    copy.hidden = interpCommand(pack, ...ends) === null;
  };
}

/** A first line: from the point picked to that farthest from it on the map; null for one point. */
function suggested({ pack, view }: App): Ends | null {
  const a = Math.max(0, view.get("picked"));
  const map = pack.maps[view.get("map")];
  const [x, y] = positionOf(pack, view.get("map"), a);
  let [b, most] = [-1, -1];
  for (let i = 0; i < pack.count; ++i) {
    const far = (map[2 * i] - x) ** 2 + (map[2 * i + 1] - y) ** 2;
    if (far > most && i !== a) [b, most] = [i, far];
  }
  return b < 0 ? null : [a, b];
}

/** The median distance between a latent vector and the one nearest to it, of some of the points. */
async function usualDistance({ pack, engine }: App): Promise<number> {
  const all = [];
  const step = Math.max(1, Math.floor(pack.count / kSample));
  for (let i = 0; i < pack.count; i += step) all.push((await engine.near("latent", i, 1)).distances[0]);
  return median(all);
}
