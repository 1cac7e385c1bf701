// The panel Worst: the points with the largest error or the lowest trustworthiness, all or by class.

import { count, el, figure } from "../dom";
import { className } from "../pack";
import type { App } from "../view";
import { classLabel } from "./pixels";
import { positionOf } from "./points";
import { classMeans, sortClasses, worstFirst, worstOfEachClass, type ClassMean } from "./rank";
import { tiles } from "./tiles";
import { barCell, button, choice, copyButton, sentence, setOff } from "./widgets";

const kPage = 12;
const kMeasures = ["error", "trustworthiness"] as const;
const kOrders = { error: "largest error", trustworthiness: "lowest trustworthiness" };

export function mountWorst(app: App, host: HTMLElement): void {
  const { pack, view } = app;
  const measures = kMeasures.filter((measure) => pack[measure]?.some((value) => !Number.isNaN(value)));
  if (measures.length === 0) {
    host.append(sentence("Neither reconstruction errors nor trustworthiness were measured, so no point is the worst."));
    return;
  }
  let measure = measures[0];
  let among = 0; // 0: all shown points, 1: the worst of each class, then the classes
  let page = 0;
  let list = new Int32Array(); // the points of all pages

  const order = choice("order", measures.map((each) => kOrders[each]), (i) => {
    measure = measures[i];
    rank();
  });
  const labels = pack.labels ? [...new Set(pack.labels)].sort((a, b) => a - b) : [];
  const which = choice("of", ["all points", "each class the worst", ...labels.map((label) => "class " + classLabel(pack, label))], (i) => {
    among = i;
    rank();
  });
  which.element.hidden = labels.length === 0;
  const grid = tiles(app, "Worst points", 56, "grid");
  const range = el("output");
  const before = button("‹", () => turn(-1), "Previous page (Page Up)");
  const after = button("›", () => turn(1), "Next page (Page Down)");
  const table = classTable(app);
  host.append(el("div", { className: "row" }, order.element, which.element), grid.element,
    el("div", { className: "row pager" }, before, range, after), table.element);
  const command = pack.facts.commands["worst"];
  if (command) host.append(el("div", { className: "row" }, copyButton("copy command", () => command)));

  // The tile's own click picked the point before this one centres it.
  grid.element.addEventListener("click", (event) => {
    if (!(event.target as Element).closest("button")) return;
    const [x, y] = positionOf(pack, view.get("map"), view.get("picked"));
    view.set("camera", { ...view.get("camera"), x, y });
    view.set("cursor", [x, y]);
  });
  grid.element.addEventListener("keydown", (event) => {
    if (event.key !== "PageDown" && event.key !== "PageUp") return;
    event.preventDefault();
    turn(event.key === "PageDown" ? 1 : -1);
  });

  const turn = (by: number) => {
    const values = pack[measure]!;
    const last = Math.max(0, Math.ceil(list.length / kPage) - 1);
    page = Math.max(0, Math.min(last, page + by));
    const points = list.subarray(page * kPage, (page + 1) * kPage);
    grid.show(points, (i) => [figure(values[points[i]]), className(pack, points[i])].filter(Boolean).join(" · "));
    range.textContent = list.length === 0 ? "no points" : `${count(page * kPage + 1)}–${count(page * kPage + points.length)} of ${count(list.length)}`;
    setOff(before, page === 0);
    setOff(after, page === last);
  };
  const rank = () => {
    const shown = view.get("shown");
    list = worstFirst(pack[measure]!, measure, (point) => shown[point] === 1);
    if (pack.labels) table.show(classMeans(list, pack[measure]!, pack.labels), measure);
    if (among === 1) list = worstOfEachClass(list, pack.labels!);
    if (among > 1) list = list.filter((point) => pack.labels![point] === labels[among - 2]);
    page = 0;
    turn(0);
  };
  view.on(["tab", "shown"], () => {
    if (view.get("tab") === "worst") rank();
  });
}

/** Count and mean of each class; the headers sort. */
function classTable(app: App): { element: HTMLElement; show(rows: ClassMean[], measure: string): void } {
  let rows: ClassMean[] = [];
  let sort: keyof ClassMean = "mean";
  let descending = true;
  const body = el("tbody");
  const heads = (["label", "count", "mean"] as const).map((by) => {
    const press = () => {
      descending = sort === by ? !descending : by !== "label";
      sort = by;
      draw();
    };
    return { by, cell: el("th", { scope: "col" }, button(by === "label" ? "class" : by, press, "Sort by this column")) };
  });
  const caption = el("caption");
  const element = el("table", { className: "classes", hidden: true }, caption,
    el("thead", {}, el("tr", {}, ...heads.map((head) => head.cell), el("td"))), body);
  const draw = () => {
    for (const { by, cell } of heads) cell.setAttribute("aria-sort", by !== sort ? "none" : descending ? "descending" : "ascending");
    const largest = Math.max(...rows.map((row) => row.mean));
    body.replaceChildren(...sortClasses(rows, sort, descending).map((row) =>
      el("tr", {}, el("th", { scope: "row" }, classLabel(app.pack, row.label)), el("td", {}, count(row.count)),
        el("td", {}, figure(row.mean)), barCell(row.mean / largest))));
  };
  return {
    element,
    show(all, measure) {
      rows = all;
      element.hidden = rows.length < 2;
      caption.textContent = `mean ${measure} of the classes`;
      draw();
    },
  };
}
