// The legend under the map, which is also the filter of the classes; or the scale of the values.

import { classNames, colouring, css, shade } from "./colour";
import type { Colouring, Scale } from "./colour";
import { count, el, figure } from "./dom";
import { isDark, onTheme } from "./theme";
import type { App } from "./view";

export function mountLegend(app: App, host: HTMLElement): void {
  const { pack, view } = app;
  const names = pack.labels ? classNames(pack) : [];
  const counts = new Int32Array(names.length);
  if (pack.labels) for (const label of pack.labels) if (label >= 0) ++counts[label];
  const draw = () => {
    const colours = colouring(pack, view.get("colour"), isDark());
    host.textContent = "";
    if (colours.scale) host.append(scaleBar(colours.scale, colours.name));
    if (view.get("colour") === "split") host.append(...splitKeys(app, colours));
    if (names.length > 1) host.append(...classKeys(app, names, counts, view.get("colour") === "label" ? colours : null));
    mark();
  };
  const mark = () => {
    const hidden = view.get("hidden");
    for (const key of host.querySelectorAll<HTMLElement>("[data-label]"))
      key.setAttribute("aria-pressed", String(!hidden.has(Number(key.dataset["label"]))));
    host.querySelector<HTMLElement>("#legend-all")?.toggleAttribute("hidden", hidden.size === 0);
  };
  view.on(["colour"], draw);
  view.on(["hidden"], mark);
  onTheme(draw);
}

function classKeys(app: App, names: string[], counts: Int32Array, colours: Colouring | null): HTMLElement[] {
  const { view } = app;
  const keys = names.flatMap((name, label) => {
    if (counts[label] === 0) return [];
    const swatch = el("i", { className: "swatch" });
    if (colours) swatch.style.background = swatch.style.borderColor = css(colours.groups![label].rgb);
    const key = el(
      "button",
      { type: "button", className: "key", title: `${name}: ${count(counts[label])}. Click hides or shows it, Shift-click leaves it alone.` },
      swatch, el("span", { textContent: name }), el("small", { textContent: count(counts[label]) }),
    );
    key.dataset["label"] = String(label);
    key.addEventListener("click", (event) => {
      const hidden = new Set(view.get("hidden"));
      const others = names.map((_, i) => i).filter((i) => i !== label);
      if (!event.shiftKey) hidden.has(label) ? hidden.delete(label) : hidden.add(label);
      else if (!hidden.has(label) && others.every((i) => hidden.has(i))) hidden.clear();
      else {
        others.forEach((i) => hidden.add(i));
        hidden.delete(label);
      }
      view.set("hidden", hidden);
    });
    return [key];
  });
  const all = el("button", {
    type: "button", id: "legend-all", textContent: "show all", onclick: () => view.set("hidden", new Set()),
  });
  return [...keys, all];
}

function splitKeys(app: App, colours: Colouring): HTMLElement[] {
  return colours.groups!.map(({ name, rgb, count: points }) => {
    const swatch = el("i", { className: "swatch" });
    swatch.style.background = swatch.style.borderColor = css(rgb);
    return el(
      "button",
      { type: "button", className: "key", title: `Search for split:${name}`, onclick: () => app.view.set("search", `split:${name}`) },
      swatch, el("span", { textContent: name }), el("small", { textContent: count(points) }),
    );
  });
}

function scaleBar(scale: Scale, name: string): HTMLElement {
  if (!Number.isFinite(scale.low)) return el("span", { className: "scale", textContent: `${name}: measured nowhere` });
  const stops = Array.from({ length: 9 }, (_, i) => css(shade(scale.reversed ? 1 - i / 8 : i / 8, isDark())));
  const bar = el("i", { className: "bar" });
  bar.style.background = `linear-gradient(90deg, ${stops.join(",")})`;
  const unknown = scale.unknown > 0 ? `, grey: ${count(scale.unknown)} not measured` : "";
  return el(
    "span",
    { className: "scale", title: "The 1st to the 99th percentile" },
    el("span", { textContent: name }),
    (scale.below ? "≤ " : "") + figure(scale.low), bar, (scale.above ? "≥ " : "") + figure(scale.high), unknown,
  );
}
