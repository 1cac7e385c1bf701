// Picked: a point's image and reconstruction, and its neighbours in three spaces.

import { el, figure } from "../dom";
import type { Near, Space } from "../engine";
import type { App } from "../view";
import { latentText } from "./commands";
import { compareView } from "./compare";
import { History } from "./history";
import { latest } from "./latest";
import { inDirection, neighbourSets } from "./neighbour_sets";
import { imageOf } from "./pixels";
import { describe, latentOf, positionOf, reconstruction } from "./points";
import { tiles } from "./tiles";
import { button, copyButton, sentence } from "./widgets";

const kNeighbours = 10;
const kSpaces: ReadonlyArray<readonly [Space, string]> = [
  ["latent", "latent neighbours"],
  ["pixel", "pixel neighbours"],
  ["map", "neighbours on the map"],
];

export function mountPicked(app: App, host: HTMLElement): void {
  const { pack, view } = app;
  const history = new History();
  const back = button("\u2190", () => go(-1), "The point picked before (back)");
  const forward = button("\u2192", () => go(1), "The point picked after it (forward)");
  back.setAttribute("aria-label", "back");
  forward.setAttribute("aria-label", "forward");
  const title = el("h2", { className: "picked-title" });
  const none = sentence("Nothing is picked: click a point of the map or search for a row.");
  const compare = compareView(app, "image");
  const spaces = kSpaces.map(([space, name]) => {
    const row = tiles(app, name);
    const why = sentence("");
    why.hidden = true;
    return { space, row, why, element: el("div", { className: "space" }, el("h3", {}, name), row.element, why) };
  });
  const overlap = el("p", { className: "overlap", role: "status" });
  const body = el("div", { className: "picked" }, compare.element, ...spaces.map((space) => space.element), overlap, copies());
  host.append(el("div", { className: "row" }, back, forward, title), none, body);

  const show = latest(async (point: number) => {
    view.set("neighbours", null);
    overlap.textContent = "";
    compare.show(imageOf(pack, point), await reconstruction(app, point), describe(pack, point));
    const found = new Map<Space, Near>();
    // The search among pixels is the slowest: it comes last.
    for (const { space, row, why } of [spaces[0], spaces[2], spaces[1]]) {
      const near = await near10(app, space, point);
      if (view.get("picked") !== point) return;
      why.hidden = typeof near !== "string";
      if (typeof near === "string") why.textContent = near;
      if (typeof near === "string") await row.show([], () => "");
      else {
        found.set(space, near);
        await row.show(near.points, (i) => figure(near.distances[i]));
      }
      if (space === "map") mark(found.get("latent"), found.get("map"));
    }
  }, app.tell);

  function mark(latent: Near | undefined, map: Near | undefined): void {
    if (!latent || !map) return;
    const sets = neighbourSets(latent.points, map.points);
    view.set("neighbours", sets);
    overlap.textContent = `${sets.near.length} of ${latent.points.length} latent neighbours are near here${pack.facts.class_names.length > 1 ? "; framed: of another class" : ""}`;
    overlap.title = `among the ${map.points.length} nearest points of the map`;
  }

  function copies(): HTMLElement {
    const row = el("div", { className: "row copies" }, el("small", {}, "copy"), copyButton("row", () => String(pack.rows[view.get("picked")])));
    if (pack.latents) {
      for (const format of ["json", "csv"] as const) {
        row.append(copyButton(format === "json" ? "latent JSON" : "CSV", () => latentText(latentOf(pack, view.get("picked"))!, format)));
      }
    }
    const recon = pack.facts.commands["recon"];
    if (recon !== undefined) row.append(copyButton("command", () => recon));
    return row;
  }

  view.on(["picked", "map"], () => {
    const point = view.get("picked");
    none.hidden = point >= 0;
    body.hidden = title.hidden = point < 0;
    if (point < 0) {
      view.set("neighbours", null);
    } else {
      history.add(point);
      title.textContent = title.title = describe(pack, point);
      show(point);
    }
    back.disabled = !history.canMove(-1);
    forward.disabled = !history.canMove(1);
  });

  function go(by: number): void {
    pick(history.move(by));
  }
  function pick(point: number): void {
    view.set("picked", point);
    app.map.reveal(point);
  }

  app.map.step = (dx, dy) => {
    const sets = view.get("neighbours");
    const from = view.get("picked");
    if (!sets || from < 0) return false;
    const points = [...sets.near, ...sets.far, ...sets.mapOnly];
    const at = (point: number) => app.map.toScreen(...positionOf(pack, view.get("map"), point));
    const to = inDirection(points.map(at), at(from), dx, dy);
    if (to < 0) return false;
    pick(points[to]);
    return true;
  };
}

/** The neighbours, or one sentence about why there are none. */
async function near10(app: App, space: Space, point: number): Promise<Near | string> {
  const { pack } = app;
  if (space === "latent" && !pack.latents) return "There are no latent vectors in this page.";
  if (space === "pixel" && !pack.images) return "There are no images in this page.";
  return app.engine.near(space, point, Math.min(kNeighbours, pack.count - 1));
}
