// What lies over the points: names of classes and the marks of the panels.

import type { View } from "../view";
import type { Name } from "./names";
import { kFew, placeNames } from "./names";
import type { Pen, Stroke } from "./pen";

export interface Look {
  ink: string;
  soft: string;
  paper: string;
  accent: string;
  warn: string;
}

export interface Scene {
  view: <K extends keyof View>(key: K) => View[K];
  at(point: number): [number, number]; // CSS pixels
  screen(x: number, y: number): [number, number];
  names: Name[];
  width(text: string, size: number): number; // of a text
  lasso: ReadonlyArray<readonly [number, number]> | null; // on the map
  chosen: readonly (readonly [number, number])[] | null; // ends of a line that is being chosen, CSS pixels
  pulse: number; // 0..1, the phase of the placed image's ring
  hand: boolean; // whether marks of the pointer are drawn: not in a picture
}

export function drawMarks(pen: Pen, scene: Scene, look: Look): void {
  neighbours(pen, scene, look);
  line(pen, scene, look);
  names(pen, scene, look);
  if (scene.hand) cursor(pen, scene, look);
  picked(pen, scene, look);
  placed(pen, scene, look);
  lasso(pen, scene, look);
}

/** A line that is seen over any colour: on a wider one of the paper's. */
function haloed(pen: Pen, corners: number[], stroke: Stroke, look: Look): void {
  pen.line(corners, { colour: look.paper, width: stroke.width + 2.5, alpha: 0.8 });
  pen.line(corners, stroke);
}

function ring(pen: Pen, [x, y]: readonly [number, number], radius: number, colour: string, look: Look, width = 2): void {
  pen.circle(x, y, radius, { colour: look.paper, width: width + 2.5, alpha: 0.85 });
  pen.circle(x, y, radius, { colour, width });
}

function neighbours(pen: Pen, scene: Scene, look: Look): void {
  const marks = scene.view("neighbours");
  const from = scene.view("picked");
  if (!marks || from < 0) return;
  const centre = scene.at(from);
  for (const point of marks.far) haloed(pen, [...centre, ...scene.at(point)], { colour: look.warn, width: 1.5, dash: [5, 4] }, look);
  for (const point of marks.near) haloed(pen, [...centre, ...scene.at(point)], { colour: look.ink, width: 1.5 }, look);
  for (const point of marks.far) ring(pen, scene.at(point), 4, look.warn, look, 1.5);
  for (const point of marks.near) pen.circle(...scene.at(point), 3.5, { colour: look.paper, width: 1.5 }, look.ink);
  for (const point of marks.mapOnly) ring(pen, scene.at(point), 5, look.soft, look, 1.5);
}

function line(pen: Pen, scene: Scene, look: Look): void {
  const ends = scene.view("line");
  const path = scene.view("path");
  if (!scene.chosen && (!ends || scene.view("tab") !== "line")) return;
  const [from, to] = scene.chosen ?? ends!.map((end) => scene.at(end));
  haloed(pen, [...from, ...to], { colour: look.soft, width: 1, dash: [2, 4] }, look);
  if (path && !scene.chosen) {
    const corners: number[] = [];
    for (let i = 0; i < path.length; i += 2) corners.push(...scene.screen(path[i], path[i + 1]));
    haloed(pen, corners, { colour: look.accent, width: 2 }, look);
    for (let i = 0; i < corners.length; i += 2) pen.circle(corners[i], corners[i + 1], 3, { colour: look.paper, width: 1 }, look.accent);
  }
  for (const end of [from, to]) ring(pen, end, 7, look.accent, look);
}

function names(pen: Pen, scene: Scene, look: Look): void {
  const size = scene.view("present") ? 20 : scene.names.length > kFew ? 11.5 : 14;
  for (const name of placeNames(scene.names, size * 1.1, (text) => scene.width(text, size))) {
    if (Math.hypot(name.left - name.x, name.top - name.y) > 24)
      haloed(pen, [name.x, name.y, name.left, name.top], { colour: look.soft, width: 1 }, look);
    pen.text(name.left, name.top, name.text, size, look.ink, look.paper);
  }
}

function cursor(pen: Pen, scene: Scene, look: Look): void {
  const blend = scene.view("blend");
  const at = scene.view("cursor");
  if (!at) return;
  const [x, y] = scene.screen(...at);
  const point = scene.view("picked");
  const away = point < 0 ? Infinity : Math.hypot(scene.at(point)[0] - x, scene.at(point)[1] - y);
  if (blend) {
    const largest = Math.max(...blend.weights);
    blend.points.forEach((point, i) => {
      const [left, top] = scene.at(point);
      const alpha = 0.35 + 0.65 * (blend.weights[i] / largest);
      pen.circle(left, top, 3.5, { colour: look.paper, width: 3, alpha });
      pen.circle(left, top, 3.5, { colour: look.accent, width: 1.5, alpha });
    });
  }
  if (away > 4) ring(pen, [x, y], 9, scene.view("frozen") ? look.warn : look.accent, look, 1.5);
}

function picked(pen: Pen, scene: Scene, look: Look): void {
  const point = scene.view("picked");
  if (point < 0) return;
  ring(pen, scene.at(point), 9, look.ink, look, 2.5);
}

function placed(pen: Pen, scene: Scene, look: Look): void {
  const at = scene.view("placed");
  if (!at) return;
  const [x, y] = scene.screen(...at);
  pen.circle(x, y, 8 + 16 * scene.pulse, { colour: look.warn, width: 2, alpha: 1 - scene.pulse });
  ring(pen, [x, y], 6, look.warn, look, 2.5);
  pen.circle(x, y, 2.5, null, look.warn);
}

function lasso(pen: Pen, scene: Scene, look: Look): void {
  if (!scene.lasso || scene.lasso.length < 2) return;
  const corners = scene.lasso.flatMap(([x, y]) => scene.screen(x, y));
  pen.line(corners, { colour: look.accent, width: 1.5, dash: [4, 3] }, `${look.accent}1f`);
}
