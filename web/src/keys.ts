// The keys that work everywhere on the page. Those of the map itself (arrows, + - 0) are handled by
// the map and only passed on to it here. No key is taken from a field in which one types.

import { byId } from "./dom";
import { openHelp } from "./panels/help";
import { stepSaved, togglePresent } from "./panels/present";
import { chooseTool } from "./tools";
import type { App, Tab } from "./view";

const kMapKeys = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "+", "=", "-", "0"]);

export function mountKeys(app: App): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (document.querySelector("dialog[open]") || typing(target)) return;
    const act = app.view.get("present") ? presentKey(app, event.key) : pageKey(app, event.key, target);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** Whether keys typed there are text or move a control of the browser. */
export function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function pageKey(app: App, key: string, target: HTMLElement): (() => void) | null {
  const { view } = app;
  const map = byId("map");
  if (kMapKeys.has(key)) {
    // A focused control keeps its arrows; without focus they are the map's.
    if (target !== document.body || !document.body.contains(map)) return null;
    return () => map.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
  }
  if (key === " ") return target === document.body || target === map ? () => freeze(app) : null;
  const open = (tab: Tab) => () => {
    view.set("tab", tab);
    byId(`tab-${tab}`)?.focus();
  };
  const actions: { [key: string]: () => void } = {
    "/": () => byId<HTMLInputElement>("search").select(),
    "?": () => openHelp(),
    l: () => chooseTool(app, "lasso"),
    n: () => chooseTool(app, "line"),
    d: open("draw"),
    w: open("worst"),
    s: open("selection"),
    e: () => colourByError(app),
    p: () => togglePresent(app),
    Escape: () => leave(app),
  };
  return actions[key.length === 1 ? key.toLowerCase() : key] ?? null;
}

function presentKey(app: App, key: string): (() => void) | null {
  switch (key) {
    case "p":
    case "P":
    case "Escape":
      return () => togglePresent(app);
    case " ":
      return () => freeze(app);
    case "ArrowLeft":
    case "PageUp":
      return () => stepSaved(app, -1);
    case "ArrowRight":
    case "PageDown":
      return () => stepSaved(app, 1);
    case "?":
      return () => openHelp();
    default:
      return null;
  }
}

function freeze(app: App): void {
  const frozen = !app.view.get("frozen");
  app.view.set("frozen", frozen);
  app.tell(frozen ? "The image is frozen; space lets it follow the cursor again." : "The image follows the cursor.");
}

function colourByError(app: App): void {
  const { pack, view } = app;
  if (!pack.error) return app.tell("Reconstruction errors are not in this page.");
  const now = view.get("colour");
  view.set("colour", now !== "error" ? "error" : pack.labels ? "label" : "");
  app.tell(now !== "error" ? "Coloured by reconstruction error." : "Coloured as before.");
}

/** Esc: one thing at a time, the latest kind first. */
function leave(app: App): void {
  const { view } = app;
  if (view.get("frozen")) view.set("frozen", false);
  else if (view.get("tool") !== "pan") view.set("tool", "pan");
  else if (view.get("selection")) view.set("selection", null);
  else if (view.get("search")) view.set("search", "");
  else view.set("picked", -1);
}
