// The panel Selection: what a set of points has in common, and the set as a file.

import { count, el, figure } from "../dom";
import type { App } from "../view";
import { csv } from "./csv";
import { download } from "./download";
import { imageView } from "./image_view";
import { npy } from "./npy";
import { classShares, inverse, meanImage, meanOf, pointsWhere, rowsOf } from "./summary";
import { classLabel } from "./pixels";
import { barCell, button, copyButton, sentence } from "./widgets";

const kClasses = 12; // bars at once; further classes are summed up in one line

export function mountSelection(app: App, host: HTMLElement): void {
  const { pack, view } = app;
  const select = (points: Int32Array | null) => view.set("selection", points?.length ? points : null);
  const shownPoints = () => pointsWhere(pack.count, (point) => view.get("shown")[point] === 1);

  const lasso = button("Lasso", () => view.set("tool", "lasso"), "Draw around points on the map (l)");
  const all = button("All shown", () => select(shownPoints()), "Select all points that search and legend show");
  const invert = button("Invert", () => select(inverse(pack.count, view.get("selection") ?? new Int32Array())),
    "Select the points that are not selected now");
  const clear = button("Clear", () => select(null), "Select nothing");
  const body = el("div");
  host.replaceChildren(el("div", { className: "row" }, lasso, all, invert, clear), body);

  view.on(["selection", "tab"], () => {
    const points = view.get("selection");
    clear.disabled = !points;
    if (view.get("tab") !== "selection") return;
    body.replaceChildren(...(points ? contents(app, points) : [sentence("Nothing is selected. Press l and draw around points on the map, or search and take all that is shown.")]));
  });
}


function contents(app: App, points: Int32Array): HTMLElement[] {
  const { pack } = app;
  const facts: [string, string][] = [[`of ${count(pack.count)} points`, count(points.length)]];
  const error = meanOf(pack.error, points);
  const everyone = meanOf(pack.error, pointsWhere(pack.count, () => true));
  if (!Number.isNaN(error)) facts.push([`mean error; ${figure(everyone)} of all`, figure(error)]);
  const trust = meanOf(pack.trustworthiness, points);
  if (!Number.isNaN(trust)) facts.push(["mean trustworthiness", figure(trust)]);
  const figures = el("dl", { className: "figures" }, ...facts.map(([what, value]) => el("div", {}, el("dt", {}, what), el("dd", {}, value))));
  const head = el("div", { className: "split" }, figures);
  const mean = meanImage(pack, points);
  if (mean && pack.facts.shape) {
    const label = `Mean of the ${count(points.length)} images selected`;
    const picture = imageView(pack.facts.shape, 84);
    picture.show(mean, label);
    head.prepend(el("figure", {}, picture.element, el("figcaption", {}, "mean image")));
  }
  return [head, ...classBars(app, points), ...exports(app, points)];
}

function classBars(app: App, points: Int32Array): HTMLElement[] {
  const shares = classShares(app.pack.labels, points);
  if (shares.length === 0) return [];
  const widest = Math.max(...shares.map((row) => Math.max(row.share, row.shareOfAll)));
  const rows = shares.slice(0, kClasses).map((row) => {
    return el("tr", {}, el("th", { scope: "row" }, classLabel(app.pack, row.label)), el("td", {}, count(row.count)),
      barCell(row.share / widest, row.shareOfAll / widest), el("td", {}, percent(row.share)), el("td", { className: "faint" }, percent(row.shareOfAll)));
  });
  const head = ["class", "count", "", "here", "in all"].map((text) => el("th", { scope: "col" }, text));
  const table = el("table", { className: "classes" }, el("caption", { className: "hidden-text" }, "Classes of the selection"),
    el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows));
  const rest = shares.slice(kClasses);
  if (rest.length === 0) return [table];
  const further = rest.reduce((sum, row) => sum + row.count, 0);
  return [table, el("p", { className: "note" }, `${count(further)} points of ${count(rest.length)} further classes`)];
}

function exports(app: App, points: Int32Array): HTMLElement[] {
  const { pack } = app;
  const name = `${pack.facts.title}_${points.length}`;
  const save = async (ending: string, bytes: BlobPart[] | Promise<BlobPart[]>, type: string) => {
    app.tell(`Writing ${count(points.length)} rows…`);
    download(name + ending, await bytes, type);
    app.tell(`Saved ${name}${ending} with ${count(points.length)} rows.`);
  };
  const gather = (values: Int32Array) => Int32Array.from(points, (point) => values[point]);
  const file = (text: string, title: string, ending: string, bytes: () => BlobPart[] | Promise<BlobPart[]>, type = "application/octet-stream") =>
    button(text, () => save(ending, bytes(), type), title);
  const buttons: HTMLElement[] = [
    file("csv", "Rows, names, labels, scores, positions and latent vectors as a table", ".csv",
      () => csv(pack, pack.maps[app.view.get("map")], points), "text/csv"),
    file("rows npy", "Row numbers, int32 [n], for numpy", "_rows.npy", () => [npy(gather(pack.rows), [points.length])]),
  ];
  const { latents, labels } = pack;
  if (labels) {
    buttons.push(file("labels npy", "Labels, int32 [n], for numpy", "_labels.npy", () => [npy(gather(labels), [points.length])]));
  }
  if (latents) {
    const dim = latents.length / pack.count;
    buttons.push(file("latents npy", "Latent vectors, float32 [n, d], for numpy", "_latents.npy",
      () => [npy(rowsOf(latents, dim, points), [points.length, dim])]));
  }
  buttons.push(copyButton("Copy row numbers", () => gather(pack.rows).join(",")));
  return [el("h3", {}, "Save"), el("div", { className: "row" }, ...buttons)];
}

function percent(share: number): string {
  return share > 0 && share < 0.01 ? "<1 %" : Math.round(100 * share) + " %";
}
