// The curve of distances below the steps of a line.

import { figure } from "../dom";
import { median } from "./line_steps";
import { svg } from "./widgets";

const kHeight = 56;

/** `distances` at even steps along the line, `usual` that between the points of the pack themselves,
 * `width` that of the eleven steps in CSS pixels. */
export function curve(distances: number[], usual: number, width: number): SVGElement {
  const highest = Math.max(usual || 0, ...distances.filter(Number.isFinite)) * 1.1 || 1;
  const x = (i: number) => width / 22 + ((i / (distances.length - 1)) * width * 10) / 11;
  const y = (distance: number) => kHeight - 2 - (distance / highest) * (kHeight - 4);
  const label = distances.length
    ? `Distance to the nearest other latent vector along the line: at most ${figure(Math.max(...distances))}, median ${figure(median(distances))}; usual between neighbours ${figure(usual)}`
    : "The distances are being measured";
  const chart = svg("svg", { viewBox: `0 0 ${width} ${kHeight + 16}`, width, class: "curve", role: "img", "aria-label": label });
  if (distances.length) {
    const points = distances.map((distance, i) => `${x(i).toFixed(1)},${y(distance).toFixed(1)}`).join(" ");
    chart.append(
      svg("line", { x1: x(0), x2: x(distances.length - 1), y1: y(0), y2: y(0), class: "axis" }),
      svg("line", { x1: x(0), x2: x(distances.length - 1), y1: y(usual), y2: y(usual), class: "usual" }),
      svg("polyline", { points, class: "distance" }),
    );
    chart.append(svg("text", { x: x(0), y: kHeight + 13 }, `distance to the nearest other latent vector, 0 to ${figure(Math.max(...distances))}; dashed: usual between neighbours, ${figure(usual)}`));
  }
  return chart;
}
