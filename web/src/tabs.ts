// The tabs of the right panel, as WAI-ARIA describes them: arrows move between tabs, one pane is seen.

import { byId, el } from "./dom";
import type { App, Tab } from "./view";

const kTabs: ReadonlyArray<readonly [Tab, string]> = [
  ["picked", "Picked"], ["line", "Line"], ["axes", "Axes"],
  ["draw", "Draw"], ["worst", "Worst"], ["selection", "Selection"],
];

export function mountTabs(app: App, host: HTMLElement): void {
  const buttons = kTabs.map(([tab, name]) =>
    el("button", {
      type: "button", id: `tab-${tab}`, role: "tab", "aria-controls": `pane-${tab}`, textContent: name,
      onclick: () => app.view.set("tab", tab),
    }),
  );
  host.append(...buttons);
  host.addEventListener("keydown", (event) => {
    const now = kTabs.findIndex(([tab]) => tab === app.view.get("tab"));
    const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: kTabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (to + kTabs.length) % kTabs.length;
    app.view.set("tab", kTabs[next][0]);
    buttons[next].focus();
  });
  app.view.on(["tab"], () => {
    const now = app.view.get("tab");
    kTabs.forEach(([tab], i) => {
      buttons[i].setAttribute("aria-selected", String(tab === now));
      buttons[i].tabIndex = tab === now ? 0 : -1;
      byId(`pane-${tab}`).hidden = tab !== now;
    });
    byId("strip").hidden = now !== "line";
  });
}
