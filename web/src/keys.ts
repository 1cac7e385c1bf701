// The keys of the whole page. Those of a panel are its own (p: panels/present.ts, ?: panels/help.ts).

import { byId } from "./dom";
import { chooseTool } from "./tools";
import type { App } from "./view";

export function mountKeys(app: App): void {
  const { view, pack } = app;
  const actions: { [key: string]: () => void } = {
    "/": () => byId<HTMLInputElement>("search").select(),
    l: () => chooseTool(app, "lasso"),
    n: () => chooseTool(app, "line"),
    d: () => view.set("tab", "draw"),
    e: () => {
      if (!pack.error) return app.tell("This page has no errors to colour by: it was made without a model or images.");
      view.set("colour", view.get("colour") === "error" && pack.labels ? "label" : "error");
    },
    Escape: () => {
      if (view.get("tool") !== "pan") view.set("tool", "pan");
      else if (view.get("selection")) view.set("selection", null);
      else view.set("picked", -1);
    },
  };
  document.addEventListener("keydown", (event) => {
    const action = actions[event.key];
    if (!action || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    event.preventDefault();
    action();
  });
}

/** Whether a key belongs to a field of text. */
export function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input:not([type=range]):not([type=checkbox]),textarea,select,[contenteditable]");
}
