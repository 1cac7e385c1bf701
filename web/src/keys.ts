// The keys that work everywhere on the page; those of the map itself (arrows, + - 0) are in
// map/input.ts. No key is taken from a field in which one types.

import { byId } from "./dom";
import { openHelp } from "./panels/help";
import { stepSaved, togglePresent } from "./panels/present";
import { chooseTool } from "./tools";
import type { App, Tab } from "./view";

export function mountKeys(app: App): void {
  const listen = (act: (event: KeyboardEvent) => (() => void) | null) => (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") || typing(event.target)) return;
    const action = act(event);
    if (!action) return;
    event.preventDefault();
    action();
  };
  const presents = () => app.view.get("present");
  // While presenting, the arrows step through saved views, before the map gets them.
  document.addEventListener("keydown", listen((event) => (presents() ? presentKey(app, event) : null)), true);
  document.addEventListener("keydown", listen((event) => (presents() ? null : pageKey(app, event))));
}

/** Whether a key belongs to a field of text or to a list. */
export function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input:not([type=range]):not([type=checkbox]),textarea,select,[contenteditable]");
}

/** Whether the page itself has the focus, and not a control that has a use for space and arrows. */
function onPage(target: EventTarget | null): boolean {
  return target === document.body || target === byId("map");
}

function pageKey(app: App, { key, target }: KeyboardEvent): (() => void) | null {
  const { view } = app;
  if (key === " ") return onPage(target) ? () => freeze(app) : null;
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

function presentKey(app: App, { key, target }: KeyboardEvent): (() => void) | null {
  switch (key) {
    case "p":
    case "P":
    case "Escape":
      return () => togglePresent(app);
    case " ":
      return onPage(target) ? () => freeze(app) : null;
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
