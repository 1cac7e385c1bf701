// The view as a picture: PNG with twice the pixels, or SVG whose text stays text.

import { classNames, colouring, css, shade } from "./colour";
import { el, figure } from "./dom";
import { scoreLine } from "./facts";
import { tilePixels } from "./map/atlas";
import type { MapView } from "./map/map";
import { drawMarks } from "./map/marks";
import { CanvasPen } from "./map/pen";
import type { Pen, Stroke } from "./map/pen";
import { download } from "./panels/download";
import { isDark, token } from "./theme";
import type { App } from "./view";

const kHead = 40; // CSS pixels above the map
const kLine = 22; // height of a line below it
const kMargin = 14;

export function mountPicture(app: App, map: MapView, host: HTMLElement): void {
  const menu = el("div", { className: "menu", role: "menu", hidden: true });
  const close = () => {
    menu.hidden = true;
    host.setAttribute("aria-expanded", "false");
  };
  const item = (name: string, save: () => void) =>
    el("button", { type: "button", role: "menuitem", textContent: name, onclick: () => (close(), save()) });
  menu.append(item("PNG", () => savePng(app, map)), item("SVG", () => saveSvg(app, map)));
  document.body.append(menu);
  host.addEventListener("click", () => {
    menu.hidden = !menu.hidden;
    host.setAttribute("aria-expanded", String(!menu.hidden));
    if (menu.hidden) return;
    const box = host.getBoundingClientRect();
    menu.style.top = `${box.bottom + 4}px`;
    menu.style.right = `${innerWidth - box.right}px`;
    menu.querySelector("button")!.focus();
  });
  menu.addEventListener("keydown", (event) => {
    const other = document.activeElement?.nextElementSibling ?? menu.firstElementChild;
    if (event.key === "Escape") close(), host.focus();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") (other as HTMLElement).focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target as Node) && event.target !== host) close();
  });
}

function savePng(app: App, map: MapView): void {
  const { width, height } = map.extent;
  const canvas = el("canvas");
  const context = canvas.getContext("2d")!;
  const pen = new CanvasPen(context, token("--sans"));
  const layout = new Layout(app, width, height, (text) => map.scene(false, 0).width(text, 13));
  canvas.width = 2 * width;
  canvas.height = 2 * layout.height;
  context.scale(2, 2);
  context.fillStyle = map.colours.paper;
  context.fillRect(0, 0, width, layout.height);
  context.save();
  context.translate(0, kHead);
  context.beginPath();
  context.rect(0, 0, width, height);
  context.clip();
  map.paint(2, true, (points) => context.drawImage(points, 0, 0, width, height));
  drawMarks(pen, map.scene(false, 0), map.colours);
  context.restore();
  layout.draw(pen, map.colours);
  canvas.toBlob((blob) => blob && download(`${app.pack.facts.title}.png`, [blob], "image/png"));
}

function saveSvg(app: App, map: MapView): void {
  const { width, height } = map.extent;
  const layout = new Layout(app, width, height, (text) => map.scene(false, 0).width(text, 13));
  const pen = new SvgPen();
  let dots = "";
  map.paint(2, false, (points) => (dots = points.toDataURL()));
  pen.raw(`<rect width="${width}" height="${layout.height}" fill="${map.colours.paper}"/>`);
  pen.raw(`<svg y="${kHead}" width="${width}" height="${height}">`); // cuts off what lies outside
  pen.raw(`<image width="${width}" height="${height}" href="${dots}"/>`);
  images(app, map, pen);
  drawMarks(pen, map.scene(false, 0), map.colours);
  pen.raw("</svg>");
  layout.draw(pen, map.colours);
  const text =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${layout.height}" viewBox="0 0 ${width} ${layout.height}" ` +
    `font-family="${escape(token("--sans"))}"><title>${escape(layout.title)}</title>${pen.markup}</svg>`;
  download(`${app.pack.facts.title}.svg`, [text], "image/svg+xml");
}

function images(app: App, map: MapView, pen: SvgPen): void {
  const { pack } = app;
  const { points, side, border } = map.seen();
  if (points.length === 0) return;
  const shape = pack.facts.shape!;
  const longer = Math.max(shape.width, shape.height);
  const [width, height] = [(side * shape.width) / longer, (side * shape.height) / longer];
  const canvas = el("canvas", { width: shape.width, height: shape.height });
  const context = canvas.getContext("2d")!;
  const pixels = new ImageData(shape.width, shape.height);
  const { rgb } = colouring(pack, app.view.get("colour"), isDark());
  for (const point of points) {
    tilePixels(pack, point, shape.width, shape.height, pixels.data);
    context.putImageData(pixels, 0, 0);
    const [x, y] = map.at(point);
    const [left, top] = [x - width / 2, y - height / 2];
    pen.raw(
      `<rect x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${width}" height="${height}" ` +
        `fill="${css([rgb[3 * point], rgb[3 * point + 1], rgb[3 * point + 2]])}"/>` +
        `<image x="${(left + border).toFixed(1)}" y="${(top + border).toFixed(1)}" width="${width - 2 * border}" ` +
        `height="${height - 2 * border}" href="${canvas.toDataURL()}"/>`,
    );
  }
}

interface Key {
  text: string;
  colour: string | null;
  x: number;
  y: number;
}

/** Title, legend and score line around the map. */
class Layout {
  readonly title: string;
  readonly height: number;
  private readonly keys: Key[] = [];
  private readonly foot: number;

  constructor(private readonly app: App, private readonly width: number, map: number, measure: (text: string) => number) {
    const { pack, view } = app;
    this.title = document.getElementById("facts")!.textContent!;
    this.foot = kHead + map;
    let [x, y] = [kMargin, this.foot + kLine];
    const add = (text: string, colour: string | null) => {
      const wide = measure(text) + (colour ? 16 : 0);
      if (x + wide > width - kMargin && x > kMargin) [x, y] = [kMargin, y + kLine];
      this.keys.push({ text, colour, x, y });
      x += wide + 16;
    };
    const colours = colouring(pack, view.get("colour"), isDark());
    const hidden = view.get("hidden");
    if (colours.groups && colours.groups.length > 1) {
      const isLabel = view.get("colour") === "label";
      const names = isLabel ? classNames(pack) : pack.facts.splits;
      colours.groups.forEach(({ rgb, count }, i) => {
        if (count > 0 && this.keys.length < 100 && !(isLabel && hidden.has(i))) add(names[i], css(rgb));
      });
    }
    const { scale } = colours;
    if (scale) {
      add(`${colours.name}  ${scale.below ? "≤ " : ""}${figure(scale.low)}`, null);
      for (let i = 0; i <= 8; ++i) {
        this.keys.push({ text: "", colour: css(shade(scale.reversed ? 1 - i / 8 : i / 8, isDark())), x, y });
        x += 12;
      }
      x += 6;
      add(`${scale.above ? "≥ " : ""}${figure(scale.high)}`, null);
    }
    this.height = y + (this.keys.length > 0 ? kLine : 0) + 14;
  }

  draw(pen: Pen, look: { ink: string; soft: string; paper: string }): void {
    pen.text(kMargin, kHead / 2, this.title, 14, look.ink, "none", "start");
    for (const { text, colour, x, y } of this.keys) {
      if (colour) pen.circle(x + 5, y - kLine / 2, 5, null, colour);
      pen.text(x + (colour ? 16 : 0), y - kLine / 2, text, 13, look.ink, "none", "start");
    }
    const search = this.app.view.get("search");
    const score = scoreLine(this.app.pack.facts, this.app.view.get("map")) + (search ? ` · search: ${search}` : "");
    pen.text(this.width - kMargin, this.height - 14, score, 12, look.soft, "none", "end");
  }
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`).replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, "");
}

class SvgPen implements Pen {
  markup = "";

  raw(markup: string): void {
    this.markup += markup;
  }
  line(corners: ArrayLike<number>, stroke: Stroke, fill?: string): void {
    const points = Array.from(corners, (value) => value.toFixed(1)).join(" ");
    this.raw(`<poly${fill ? "gon" : "line"} points="${points}" fill="${fill ?? "none"}"${paint(stroke)}/>`);
  }
  circle(x: number, y: number, radius: number, stroke: Stroke | null, fill?: string): void {
    this.raw(`<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}" fill="${fill ?? "none"}"${stroke ? paint(stroke) : ""}/>`);
  }
  text(x: number, y: number, text: string, size: number, colour: string, halo: string, anchor = "middle"): void {
    const weight = halo === "none" ? 400 : 600;
    const around = halo === "none" ? "" : ` stroke="${halo}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`;
    this.raw(
      `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" dy=".35em" text-anchor="${anchor}" font-size="${size}" ` +
        `font-weight="${weight}" fill="${colour}"${around}>${escape(text)}</text>`,
    );
  }
}

function paint({ colour, width, alpha, dash }: Stroke): string {
  return ` stroke="${colour}" stroke-width="${width}" opacity="${alpha ?? 1}"${dash ? ` stroke-dasharray="${dash.join(" ")}"` : ""}`;
}
