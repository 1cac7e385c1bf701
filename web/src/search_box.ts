// The search field of the header: says how many points it finds, Enter goes to them.

import { byId, count } from "./dom";
import { parseSearch } from "./search";
import type { App } from "./view";

export function mountSearch(app: App, host: HTMLFormElement): void {
  const { pack, view } = app;
  const field = byId<HTMLInputElement>("search");
  const found = byId("found");
  field.addEventListener("input", () => view.set("search", field.value));
  host.addEventListener("submit", (event) => {
    event.preventDefault();
    goTo(app);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    view.set("search", "");
    byId("map").focus();
  });
  view.on(["search", "shown"], () => {
    const text = view.get("search");
    if (field.value !== text) field.value = text;
    const { problem } = parseSearch(text, pack);
    const searched = text.trim() !== "";
    field.setAttribute("aria-invalid", String(problem !== null));
    found.className = problem ? "problem" : "";
    found.textContent = problem ?? (searched ? `${count(results(app).length)} of ${count(pack.count)}` : "");
  });
}

function results(app: App): number[] {
  const shown = app.view.get("shown");
  const points: number[] = [];
  for (let i = 0; i < shown.length; ++i) if (shown[i]) points.push(i);
  return points;
}

function goTo(app: App): void {
  const points = results(app);
  if (points.length === 0) return app.tell("Nothing is found.");
  app.map.fit(points);
  if (points.length === 1) {
    app.view.set("picked", points[0]);
    app.view.set("tab", "picked");
  }
}
