// Present: the map on the left, the decoded image on the right at half the screen's height, nothing
// else. The image is the panel "Under the cursor"; panels.css makes it large.

import { byId, count, el } from "../dom";
import { applyFragment, fragmentOf } from "../fragment";
import { scoreLine } from "../facts";
import type { App } from "../view";
import { positionOf } from "./points";
import { button } from "./widgets";

export function mountPresent(app: App, body: HTMLElement): void {
  const { view, pack } = app;
  const place = el("output");
  const back = button("‹", () => stepSaved(app, -1), "The saved view before (←)");
  const next = button("›", () => stepSaved(app, 1), "The next saved view (→)");
  const keep = button("Save this view", () => save(app), "Adds this view to those that ← and → step through; the address keeps them");
  const drop = button("Remove", () => remove(app), "Removes this view from the saved ones");
  const leave = button("Leave", () => togglePresent(app), "Back to the page (Esc)");
  const frozen = el("p", { className: "frozen", role: "status" });
  const score = el("p", { className: "score" });
  view.on(["map"], () => (score.textContent = scoreLine(pack.facts, view.get("map"))));
  const foot = el("section", { id: "present", "aria-label": "Presentation" },
    frozen, score,
    el("div", { className: "row" }, back, place, next, keep, drop, leave));
  // After a click, space freezes the image again and does not press the button once more.
  foot.addEventListener("click", (event) => event.detail > 0 && byId("map").focus());
  byId("cursor").after(foot);
  byId("help").before(el("button", { type: "button", id: "start-present", title: "Map and image alone (p)", onclick: () => togglePresent(app) }, "Present"));

  view.on(["present"], () => {
    const present = view.get("present");
    body.classList.toggle("presenting", present);
    foot.hidden = !present;
    if (!present && !body.classList.contains("ready")) return; // the first view
    byId("map").focus();
    if (present) {
      app.tell("Esc leaves, space freezes the image, ← and → step through saved views.");
    }
  });
  view.on(["frozen"], () => (frozen.textContent = view.get("frozen") ? "frozen (space)" : ""));
  view.on(["saved", "present"], () => draw());
  // A view that is not among the saved ones can be saved, one that is can be removed.
  view.on(["camera", "picked", "map", "search", "hidden", "colour"], () => draw());

  function draw(): void {
    const saved = view.get("saved");
    const at = saved.indexOf(fragmentOf(app));
    if (at >= 0) current = at;
    place.textContent = saved.length === 0 ? "" : `${at >= 0 ? count(at + 1) : "–"} of ${count(saved.length)}`;
    back.hidden = next.hidden = place.hidden = saved.length === 0;
    const held = [keep, drop].includes(document.activeElement as HTMLButtonElement);
    drop.hidden = at < 0;
    keep.hidden = at >= 0;
    if (held) (at < 0 ? keep : drop).focus();
  }
}

let current = -1; // the saved view that was shown last

export function togglePresent({ view }: App): void {
  view.set("present", !view.get("present"));
}

/** Shows the saved view before or after the one shown last, round and round. */
export function stepSaved(app: App, by: number): void {
  const saved = app.view.get("saved");
  if (saved.length === 0) return app.tell("No view is saved: Save this view adds one.");
  current = (Math.max(current, by > 0 ? -1 : 0) + by + saved.length) % saved.length;
  applyFragment(app, saved[current]);
  const picked = app.view.get("picked");
  app.view.set("frozen", false);
  if (picked >= 0) app.view.set("cursor", positionOf(app.pack, app.view.get("map"), picked));
}

function save(app: App): void {
  const saved = app.view.get("saved");
  current = saved.length;
  app.view.set("saved", [...saved, fragmentOf(app)]);
  app.tell(`Saved as view ${saved.length + 1}. The page's address holds all saved views.`);
}

function remove(app: App): void {
  const now = fragmentOf(app);
  app.view.set("saved", app.view.get("saved").filter((each) => each !== now));
  current = -1;
}
