// Which points are shown: those that pass the search and whose class the legend leaves on.

import { parseSearch } from "./search";
import type { App } from "./view";

export function mountFilter(app: App): void {
  const { pack, view } = app;
  view.on(["search", "hidden"], () => {
    const { test } = parseSearch(view.get("search"), pack);
    const hidden = view.get("hidden");
    const shown = new Uint8Array(pack.count);
    for (let i = 0; i < pack.count; ++i) {
      shown[i] = (pack.labels && hidden.has(pack.labels[i])) || !test(i) ? 0 : 1;
    }
    view.set("shown", shown);
  });
}
