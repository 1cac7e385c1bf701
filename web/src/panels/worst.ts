// The panel Worst: the points with the largest error or the lowest trustworthiness, all or by class.

import { count, el, figure } from "../dom";
import { className, rowName } from "../pack";
import type { App } from "../view";
import { imageView } from "./image_view";
import { classLabel, imageOf } from "./pixels";
import { classMeans, sortClasses, worstFirst, worstOfEachClass, type ClassMean, type Measure } from "./rank";
import { button, copyButton, sentence } from "./widgets";

const kPage = 12;

type Among = "all" | "each" | number; // all shown points, the worst of each class, one class

interface State {
  measure: Measure;
  among: Among;
  page: number;
  sort: keyof ClassMean;
  descending: boolean;
}

export function mountWorst(app: App, host: HTMLElement): void {
  const { pack, view } = app;
  const measures = (["error", "trustworthiness"] as const).filter((measure) => pack[measure]?.some((v) => !Number.isNaN(v)));
  if (measures.length === 0) {
    host.replaceChildren(sentence("Neither reconstruction errors nor trustworthiness were measured, so no point is the worst."));
    return;
  }
  const state: State = { measure: measures[0], among: "all", page: 0, sort: "mean", descending: measures[0] === "error" };
  const controls = el("div", { className: "row" });
  const tiles = el("ol", { className: "grid", "aria-label": "Worst points; arrow keys move, Enter picks" });
  const pager = el("div", { className: "row pager" });
  const table = el("div");
  host.replaceChildren(controls, tiles, pager, table);
  if (pack.facts.commands["worst"]) {
    host.append(copyButton("Copy command", () => pack.facts.commands["worst"]));
  }
  keysOfTiles(tiles, (by) => turn(by));

  let ranking: Int32Array | null = null; // of the points in `ranked`
  let ranked: Uint8Array | null = null;
  const draw = (change: Partial<State> = {}) => {
    Object.assign(state, { page: 0 }, change);
    const values = pack[state.measure]!;
    if (ranked !== view.get("shown") || "measure" in change || !ranking) {
      const shown = (ranked = view.get("shown"));
      ranking = worstFirst(values, state.measure, (point) => shown[point] === 1);
    }
    const list = listOf(app, ranking, state.among);
    const last = Math.max(0, Math.ceil(list.length / kPage) - 1);
    state.page = Math.min(state.page, last);
    drawControls(app, controls, measures, state, draw);
    const points = list.slice(state.page * kPage, (state.page + 1) * kPage);
    tiles.replaceChildren(...Array.from(points, (point, i) => tile(app, values, point, state.measure, i === 0)));
    drawPager(pager, state.page, last, list.length, turn);
    if (pack.labels) table.replaceChildren(classTable(app, classMeans(ranking, values, pack.labels), state, draw));
  };
  const turn = (by: number) => draw({ page: Math.max(0, state.page + by) });
  view.on(["tab", "shown"], () => {
    if (view.get("tab") === "worst") draw();
  });
  view.on(["picked"], () => {
    for (const each of tiles.querySelectorAll("button")) {
      each.setAttribute("aria-pressed", String(Number(each.dataset["point"]) === view.get("picked")));
    }
  });
}

function listOf(app: App, ranking: Int32Array, among: Among): Int32Array {
  const labels = app.pack.labels;
  if (among === "all" || !labels) return ranking;
  if (among === "each") return worstOfEachClass(ranking, labels);
  return ranking.filter((point) => labels[point] === among);
}

function drawControls(app: App, host: HTMLElement, measures: Measure[], state: State, draw: (change: Partial<State>) => void): void {
  const held = host.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["key"] : null;
  const toggle = (key: string, text: string, on: boolean, change: Partial<State>) => {
    const made = button(text, () => draw(change));
    made.dataset["key"] = key;
    made.setAttribute("aria-pressed", String(on));
    return made;
  };
  const group = (label: string, ...buttons: HTMLElement[]) => el("div", { className: "toggles", role: "group", "aria-label": label }, ...buttons);
  const words = { error: "Largest error", trustworthiness: "Lowest trustworthiness" };
  const parts = [];
  if (measures.length > 1) {
    parts.push(group("Order", ...measures.map((measure) =>
      toggle(measure, words[measure], measure === state.measure, { measure, descending: measure === "error", sort: "mean" }))));
  }
  if (app.pack.labels) {
    const buttons = [toggle("all", "All", state.among === "all", { among: "all" }), toggle("each", "Of each class", state.among === "each", { among: "each" })];
    if (typeof state.among === "number") buttons.push(toggle("one", classLabel(app.pack, state.among), true, {}));
    parts.push(group("Among", ...buttons));
  }
  host.replaceChildren(...parts);
  if (held) host.querySelector<HTMLElement>(`[data-key="${held}"]`)?.focus();
}

function tile(app: App, values: Float32Array, point: number, measure: Measure, first: boolean): HTMLElement {
  const { pack, view } = app;
  const name = className(pack, point);
  const value = figure(values[point]);
  const label = `${rowName(pack, point)}${name && `, class ${name}`}, ${measure} ${value}`;
  const press = () => {
    const map = pack.maps[view.get("map")];
    view.set("picked", point);
    view.set("camera", { ...view.get("camera"), x: map[2 * point], y: map[2 * point + 1] });
    view.set("cursor", [map[2 * point], map[2 * point + 1]]);
    app.tell(`Picked ${label}.`);
  };
  const made = el("button", { type: "button", title: label, "aria-label": label, className: "tile", onclick: press, tabIndex: first ? 0 : -1 });
  made.dataset["point"] = String(point);
  made.setAttribute("aria-pressed", String(point === view.get("picked")));
  const image = imageOf(pack, point);
  if (image && pack.facts.shape) {
    const picture = imageView(pack.facts.shape, 56);
    picture.show(image, "");
    made.append(picture.element);
  } else made.append(el("span", {}, rowName(pack, point)));
  made.append(el("small", {}, value), el("small", { className: "faint" }, name));
  return el("li", {}, made);
}

/** Arrow keys move among the tiles, Page Up and Page Down turn the page. */
function keysOfTiles(tiles: HTMLElement, turn: (by: number) => void): void {
  tiles.addEventListener("keydown", (event) => {
    const buttons = [...tiles.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (at < 0) return;
    const row = buttons.filter((each) => each.offsetTop === buttons[0].offsetTop).length;
    const steps: { [key: string]: number } = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -row, ArrowDown: row, Home: -at, End: buttons.length - 1 - at };
    let to = at;
    if (event.key in steps) to = at + steps[event.key];
    else if (event.key === "PageDown" || event.key === "PageUp") turn(event.key === "PageDown" ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
    const now = [...tiles.querySelectorAll("button")];
    if (to < 0 || to >= now.length) to = Math.min(at, now.length - 1);
    now.forEach((each, i) => (each.tabIndex = i === to ? 0 : -1));
    now[to]?.focus();
  });
}

function drawPager(host: HTMLElement, page: number, last: number, length: number, turn: (by: number) => void): void {
  const held = (document.activeElement as HTMLElement | null)?.dataset["turn"];
  const arrow = (text: string, label: string, by: number, off: boolean) => {
    const made = el("button", { type: "button", "aria-label": label, title: label, disabled: off, onclick: () => turn(by) }, text);
    made.dataset["turn"] = String(by);
    return made;
  };
  const range = length === 0 ? "no points are shown" : `${count(page * kPage + 1)}–${count(Math.min(length, (page + 1) * kPage))} of ${count(length)}`;
  host.replaceChildren(arrow("‹", "Previous page", -1, page === 0), el("span", { role: "status" }, range), arrow("›", "Next page", 1, page === last));
  if (held) (host.querySelector<HTMLButtonElement>(`[data-turn="${held}"]:enabled`) ?? host.querySelector<HTMLElement>("button:enabled"))?.focus();
}

function classTable(app: App, rows: ClassMean[], state: State, draw: (change: Partial<State>) => void): HTMLElement {
  const largest = Math.max(...rows.map((row) => row.mean));
  const headers: [keyof ClassMean, string][] = [["label", "class"], ["count", "count"], ["mean", `mean ${state.measure}`]];
  const head = headers.map(([by, text]) => {
    const press = () => draw({ sort: by, descending: state.sort === by ? !state.descending : by !== "label", page: state.page });
    const sort = button(text + (state.sort === by ? (state.descending ? " ↓" : " ↑") : ""), press, "Sort by " + text);
    sort.dataset["sort"] = by;
    const cell = el("th", { scope: "col" }, sort);
    if (state.sort === by) cell.setAttribute("aria-sort", state.descending ? "descending" : "ascending");
    return cell;
  });
  const body = sortClasses(rows, state.sort, state.descending).map((row) => {
    const name = classLabel(app.pack, row.label);
    const only = button(name, () => draw({ among: row.label }), `The worst of class ${name}`);
    only.dataset["sort"] = "class" + row.label;
    only.setAttribute("aria-pressed", String(state.among === row.label));
    const bar = el("span", { className: "bar", "aria-hidden": "true" }, el("i"));
    (bar.firstChild as HTMLElement).style.width = (largest > 0 ? (100 * row.mean) / largest : 0) + "%";
    return el("tr", {}, el("th", { scope: "row" }, only), el("td", {}, count(row.count)), el("td", {}, figure(row.mean)), el("td", { className: "wide" }, bar));
  });
  const held = (document.activeElement as HTMLElement | null)?.dataset["sort"];
  const table = el("table", { className: "classes" }, el("caption", { className: "hidden-text" }, `Mean ${state.measure} of each class`),
    el("thead", {}, el("tr", {}, ...head, el("td"))), el("tbody", {}, ...body));
  if (held) queueMicrotask(() => table.querySelector<HTMLElement>(`[data-sort="${held}"]`)?.focus());
  return table;
}
