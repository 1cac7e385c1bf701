// Axes: directions of the latent space, each with a slider and five decoded steps. What no direction
// covers of the latent vector stays as it was at the start.

import { el } from "../dom";
import type { Directions, Shape } from "../pack";
import type { App } from "../view";
import { AxisRow, kSteps } from "./axis_row";
import { largestFirst, moved, scores, span } from "./directions";
import { meanSquared } from "./image_math";
import { imageView } from "./image_view";
import { latest } from "./latest";
import { describe, labelsFor, latentShown, majority, withoutDecoder } from "./points";
import { button, choice, sentence } from "./widgets";

export function mountAxes(app: App, host: HTMLElement): void {
  const { directions, facts } = app.pack;
  if (!directions || !facts.shape) {
    host.append(sentence("There are no directions in this page: they need latent vectors and a decoder."));
  } else if (!app.engine.canDecode) {
    host.append(sentence(withoutDecoder(app.pack)));
  } else {
    const panel = new AxesPanel(app, directions, facts.shape, host);
    app.view.on(["tab"], () => {
      if (app.view.get("tab") === "axes") panel.open();
    });
  }
}

class AxesPanel {
  private base: Float32Array; // the latent vector where the sliders start
  private start: Float32Array; // its scores
  private at: Float32Array; // those of the sliders
  private opened = false;
  private label: number | undefined; // for models that take one
  private readonly rows: AxisRow[];
  private readonly list: HTMLElement;
  private readonly large;
  private readonly from = el("p", { className: "note", role: "status" });

  constructor(private readonly app: App, private readonly directions: Directions, shape: Shape, host: HTMLElement) {
    const count = directions.ranges.length / 2;
    this.base = directions.mean;
    this.start = this.at = new Float32Array(count);
    this.rows = Array.from(this.at, (_, k) => new AxisRow(k, shape, (to) => this.moveTo(this.at.map((score, i) => (i === k ? to : score))), () => this.drawStrips()));
    this.list = el("div", { className: "axes" }, ...this.rows.map((row) => row.element));
    this.large = imageView(shape, 168, true);
    const picked = button("picked", () => void this.begin(app.view.get("picked")), "starts from the latent vector of the picked point");
    const head = el("div", { className: "words" },
      el("div", { className: "row" }, picked, button("mean", () => void this.begin(-1), "starts from the mean of all latent vectors"),
        button("reset", () => this.moveTo(this.start), "moves all sliders back to where they started")), this.from);
    if (app.pack.facts.takes_labels) {
      head.append(choice("class", app.pack.facts.class_names, (i) => {
        this.label = i;
        this.moveTo(this.at);
      }).element);
    }
    host.append(el("div", { className: "under-cursor" }, this.large.element, head),
      choice("sorted by", ["change of the image", "variance"], (i) => void this.sort(i === 0)).element, this.list);
    app.view.on(["picked"], () => (picked.disabled = app.view.get("picked") < 0));
  }

  open(): void {
    if (this.opened) return this.draw();
    this.opened = true;
    const { pack, view } = this.app;
    if (pack.facts.takes_labels) this.label = majority(pack, Array.from(pack.rows.keys()));
    void this.begin(view.get("picked")).then(() => this.sort(true));
  }

  /** Starts from a point, or from the mean for -1. */
  private async begin(point: number): Promise<void> {
    const { app, directions } = this;
    const latent = point < 0 ? directions.mean : await latentShown(app, point);
    if (!latent) return app.tell("The latent vector of this point is not in the page.");
    this.base = latent;
    this.start = scores(latent, directions);
    if (point >= 0) this.label = app.pack.labels?.[point];
    this.from.textContent = point < 0 ? "from the mean of all latent vectors" : `from ${describe(app.pack, point)}`;
    this.rows.forEach((row, k) => row.setRange(span(directions, k, this.start[k])));
    this.moveTo(this.start);
  }
  private moveTo(scores: Float32Array): void {
    this.at = scores;
    this.rows.forEach((row, k) => {
      row.setScore(scores[k]);
      row.stale = true;
    });
    this.draw();
  }

  private readonly draw = latest(async () => {
    const { app, large } = this;
    const latent = moved(this.base, this.start, this.at, this.directions);
    large.show(await app.engine.decode(latent, labelsFor(app.pack, this.label, 1)), "the latent vector of the sliders");
    if (app.engine.canPlace) {
      const [x, y] = await app.engine.place(latent);
      if (app.view.get("tab") === "axes") app.view.set("placed", [x, y]);
    }
    this.drawStrips();
  }, (why) => this.app.tell(why)) as () => void;

  /** Decodes the strips that are in sight and out of date. */
  private readonly drawStrips = latest(async () => {
    for (const row of this.rows) {
      if (!row.seen || !row.stale) continue;
      row.stale = false;
      row.show(await this.stepsOf(row));
    }
  }, (why) => this.app.tell(why)) as () => void;

  private stepsOf(row: AxisRow): Promise<Float32Array> {
    const d = this.base.length;
    const latents = new Float32Array(kSteps * d);
    for (let i = 0; i < kSteps; ++i) {
      const to = this.at.slice();
      to[row.index] = row.scoreOf(i);
      latents.set(moved(this.base, this.start, to, this.directions), i * d);
    }
    return this.app.engine.decode(latents, labelsFor(this.app.pack, this.label, kSteps));
  }

  /** By how much the ends of a direction's range differ as images, or by variance as the pack has them. */
  private async sort(byImage: boolean): Promise<void> {
    let order = this.rows;
    if (byImage) {
      const changes = [];
      for (const row of this.rows) {
        const images = await this.stepsOf(row);
        const size = images.length / kSteps;
        changes.push(meanSquared(images.subarray(0, size), images.subarray((kSteps - 1) * size)));
      }
      order = largestFirst(changes).map((k) => this.rows[k]);
    }
    this.list.append(...order.map((row) => row.element));
  }
}
