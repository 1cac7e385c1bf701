// The sheet of keys, the search language and what the map's marks mean.

import { byId, el } from "../dom";
import type { App } from "../view";

const kKeys: ReadonlyArray<readonly [string, string]> = [
  ["/", "search"],
  ["l", "lasso: draw around points; Shift adds, Alt removes"],
  ["n", "line between two points"],
  ["d", "draw an image"],
  ["e", "colour by reconstruction error, and back"],
  ["w", "worst reconstructions"],
  ["s", "selection"],
  ["p", "present: map and image alone"],
  ["space", "freeze the decoded image"],
  ["← ↑ ↓ →", "to the neighbour there; without a point, move the map"],
  ["Shift ← ↑ ↓ →", "move the cursor; Enter picks the point there"],
  ["+  −  0", "nearer, farther, all of the map"],
  ["Esc", "leave the tool, then the selection, the search, the point"],
  ["?", "this sheet"],
];

const kSearch: ReadonlyArray<readonly [string, string]> = [
  ["label:7", "a class, by name or number; label:2,5 either"],
  ["row:4217", "a row; row:10..20 a range"],
  ["name:cat", "files whose name contains cat"],
  ["split:test", "the points of a split"],
  ["error>.01", "also < >= <= and =; trustworthiness, continuity, overlap and every column likewise"],
  ["label:7 error>.01", "both hold"],
];

const kMarks: ReadonlyArray<readonly [string, string]> = [
  ["solid line", "neighbour in latent space that is also near on the map"],
  ["dashed line", "neighbour in latent space that is far on the map: the map tears here"],
  ["hollow ring", "near on the map only: a false neighbour"],
  ["decoded", "an image that the decoder made, not one of the data"],
  ["hatched", "no data is near: the image says little"],
];

let dialog: HTMLDialogElement | null = null;

export function mountHelp(app: App, host: HTMLElement): void {
  host.addEventListener("click", openHelp);
  const close = el("button", { type: "button", className: "close", "aria-label": "Close", onclick: () => dialog!.close() }, "×");
  dialog = el("dialog", { id: "help-sheet", "aria-labelledby": "help-title" },
    el("header", {}, el("h2", { id: "help-title" }, "Keys and search"), close),
    el("div", { className: "columns" }, list("Keys", kKeys), el("div", {}, list("Search", kSearch), list("Marks", kMarks))),
    el("p", { className: "note" }, "Drag moves the map, the wheel or two fingers zoom, a click picks. A finger that rests on the map decodes the image under it. ",
      "The address of this page holds the view: copy it to come back to it. ", "All of this happens in this page: nothing is sent anywhere."));
  if (app.pack.facts.missing.length > 0) {
    dialog.append(el("h3", {}, "What this page lacks"), el("ul", {}, ...app.pack.facts.missing.map((text) => el("li", {}, text))));
  }
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog!.close(); // outside the sheet
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "?") dialog!.close();
  });
  byId("tell").before(dialog);
}

export function openHelp(): void {
  if (!dialog!.open) dialog!.showModal();
}

function list(title: string, rows: ReadonlyArray<readonly [string, string]>): HTMLElement {
  const body = rows.map(([key, text]) => el("tr", {}, el("th", { scope: "row" }, el("kbd", {}, key)), el("td", {}, text)));
  return el("table", {}, el("caption", {}, title), el("tbody", {}, ...body));
}
