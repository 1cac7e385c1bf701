// The buttons on the map: what dragging and clicking do.

import { el } from "./dom";
import type { App, Tool } from "./view";

const kTools: ReadonlyArray<readonly [Tool, string, string]> = [
  ["pan", "Pan", "Drag to move the map, click to pick (Esc)"],
  ["lasso", "Lasso", "Drag around points to select them; Shift adds, Alt removes (l)"],
  ["line", "Line", "Click two points to walk between them (n)"],
];

export function mountTools(app: App, host: HTMLElement): void {
  const buttons = kTools.map(([tool, name, title]) =>
    el("button", { type: "button", title, textContent: name, onclick: () => chooseTool(app, tool) }),
  );
  const draw = el("button", {
    type: "button", title: "Draw an image and see where it lies (d)", textContent: "Draw",
    onclick: () => app.view.set("tab", "draw"),
  });
  host.append(...buttons, draw);
  app.view.on(["tool", "tab"], () => {
    kTools.forEach(([tool], i) => buttons[i].setAttribute("aria-pressed", String(app.view.get("tool") === tool)));
    draw.setAttribute("aria-pressed", String(app.view.get("tab") === "draw"));
  });
}

export function chooseTool(app: App, tool: Tool): void {
  app.view.set("tool", tool);
  if (tool === "line") app.view.set("tab", "line");
  if (tool === "lasso") app.view.set("tab", "selection");
}
