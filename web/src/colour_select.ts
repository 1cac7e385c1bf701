// The choice of what colours the points.

import { colourings } from "./colour";
import { el } from "./dom";
import type { App } from "./view";

export function mountColour(app: App, host: HTMLSelectElement): void {
  for (const [value, name] of colourings(app.pack)) host.append(el("option", { value, textContent: name }));
  host.addEventListener("change", () => app.view.set("colour", host.value));
  app.view.on(["colour"], () => {
    host.value = app.view.get("colour");
  });
}
