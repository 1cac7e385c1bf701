// The header's line and the score line, from the pack's facts.

import { byId, count, figure } from "./dom";
import type { Facts } from "./pack";
import type { App } from "./view";

export function mountFacts({ pack, view }: App): void {
  const { facts } = pack;
  document.title = `${facts.title} · hourglass`;
  const parts = [facts.title];
  if (facts.kind) parts.push(facts.kind);
  if (facts.latent_dim > 0) parts.push(`latent ${facts.latent_dim}`);
  if (facts.epoch !== null) parts.push(`epoch ${facts.epoch}`);
  if (facts.test_mse !== null) parts.push(`test MSE ${figure(facts.test_mse)}`);
  if (facts.total > pack.count) parts.push(`${count(pack.count)} of ${count(facts.total)} shown`);
  byId("facts").textContent = parts.join(" · ");
  byId("facts").title = facts.missing.join(" ");
  const score = byId("score");
  view.on(["map"], () => (score.textContent = scoreLine(facts, view.get("map"))));
  if (facts.scores) {
    const { continuity, neighbour_overlap, k } = facts.scores;
    score.title =
      `With ${k} neighbours, on ${count(facts.scored_rows)} rows. Trustworthiness 1: no false neighbours on the map. ` +
      `Continuity ${figure(continuity)} (1: no true neighbours torn apart). ` +
      `${Math.round(100 * neighbour_overlap)} % of the neighbours are the same.`;
  }
}

/** The score is that of the last map, whatever map is shown. */
export function scoreLine(facts: Facts, map: number): string {
  if (!facts.scores) return `${facts.map_method} map, not scored`;
  const which = map + 1 < facts.epochs.length ? "last epoch's map" : "map";
  return `trustworthiness of the ${which} ${figure(facts.scores.trustworthiness)} (1 = no false neighbours)`;
}
