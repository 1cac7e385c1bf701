// Draw: a sheet to draw on, which is encoded while a person draws.

import { el } from "../dom";
import type { App } from "../view";
import { centredDigit } from "./centre";
import { resized } from "./fit";
import { resultView } from "./result";
import { Sheet } from "./drawing_sheet";
import { button } from "./widgets";

const kPen = 2.4; // width of the brush in pixels of the data: about that of MNIST's strokes

export function mountDraw(app: App, host: HTMLElement): void {
  const { shape, centred_digits } = app.pack.facts;
  if (!shape || shape.channels !== 1 || !app.engine.canEncode) return; // drop.ts has the sentence
  const result = resultView(app);
  const sheet = new Sheet(shape, app.pack.facts.background === "white", changed);
  const centred = el("input", { type: "checkbox", checked: centred_digits, onchange: changed });
  const eraser = button("eraser", () => {
    sheet.erasing = !sheet.erasing;
    eraser.setAttribute("aria-pressed", String(sheet.erasing));
  });
  eraser.setAttribute("aria-pressed", "false");
  const width = el("input", { type: "range", min: 1, max: 6, step: 0.2, value: kPen, "aria-label": "width of the brush", oninput: () => (sheet.width = Number(width.value)) });
  sheet.width = kPen;
  const tools = el("div", { className: "words" }, eraser, button("undo", () => sheet.undo()), button("clear", () => sheet.clear()), el("label", { className: "choice" }, "brush ", width));
  const digits = el("label", { className: "choice", title: "longest side 20 pixels, centre of mass in the middle" }, centred, " centre as MNIST does");
  digits.hidden = !centred_digits;
  host.append(
    el("div", { className: "draw" }, el("div", { className: "under-cursor" }, sheet.element, tools), digits, result.element),
  );

  function changed(): void {
    if (sheet.isEmpty()) return result.show(null, "");
    const { ink, height, width } = sheet.read();
    let image: Float32Array | null = resized(ink, { height, width, channels: 1 }, shape!);
    if (centred_digits && centred.checked) image = centredDigit(ink, height, width, shape!.height);
    result.show(image, "the drawing");
  }
}
