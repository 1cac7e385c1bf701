// The map in words, for those who hear it: a summary beside the map, and each pick as it happens.

import { count, el, figure } from "./dom";
import { scoreLine } from "./facts";
import type { Pack } from "./pack";
import { classLabel } from "./panels/pixels";
import { describe } from "./panels/points";
import { classShares, pointsWhere } from "./panels/summary";
import type { App, View } from "./view";

const kClasses = 12; // named at most

/** What the map shows: points, classes, colour, score, pick and selection. */
export function describeMap(pack: Pack, view: Pick<View, "shown" | "picked" | "selection" | "map">): string {
  const { facts } = pack;
  const shown = pointsWhere(pack.count, (point) => view.shown[point] === 1);
  const sentences = [shown.length === pack.count ? `${count(pack.count)} points.` : `${count(shown.length)} of ${count(pack.count)} points pass the search and the legend.`];
  const shares = classShares(pack.labels, shown).sort((a, b) => a.label - b.label);
  if (shares.length > 0) {
    const names = shares.slice(0, kClasses).map((row) => `${classLabel(pack, row.label)}: ${count(row.count)}`);
    const rest = shares.length > kClasses ? ` and ${count(shares.length - kClasses)} more` : "";
    sentences.push(`Classes: ${names.join(", ")}${rest}.`);
  }
  if (facts.epochs.length > 1) sentences.push(`The map of epoch ${facts.epochs[view.map]}.`);
  const score = scoreLine(facts, view.map);
  sentences.push(score.charAt(0).toUpperCase() + score.slice(1) + ".");
  if (view.picked >= 0) sentences.push(`Picked: ${describePoint(pack, view.picked)}.`);
  if (view.selection) sentences.push(`${count(view.selection.length)} points are selected.`);
  return sentences.join(" ");
}

export function describePoint(pack: Pack, point: number): string {
  const error = pack.error?.[point] ?? NaN;
  return describe(pack, point) + (Number.isNaN(error) ? "" : `, error ${figure(error)}`);
}

export function mountDescription({ pack, view }: App, map: HTMLElement): void {
  const summary = el("p", { id: "map-summary", className: "hidden-text" });
  const live = el("p", { className: "hidden-text", role: "status" });
  map.after(summary, live);
  map.setAttribute("aria-describedby", "map-summary");
  let due = 0;
  view.on(["shown", "picked", "selection", "map"], () => {
    clearTimeout(due); // counting 70,000 points may wait until the hand rests
    due = window.setTimeout(() => (summary.textContent = describeMap(pack, {
      shown: view.get("shown"), picked: view.get("picked"), selection: view.get("selection"), map: view.get("map"),
    })), 300);
  });
  view.on(["selection"], () => {
    const selection = view.get("selection");
    if (selection) live.textContent = `${count(selection.length)} points are selected.`;
  });
  view.on(["picked"], () => {
    const point = view.get("picked");
    if (document.body.classList.contains("ready")) live.textContent = point < 0 ? "Nothing is picked." : describePoint(pack, point);
  });
}
