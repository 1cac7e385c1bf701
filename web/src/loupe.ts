// A finger hides what is under it: while it rests on the map, the decoded image shows above it.

import { byId, el } from "./dom";
import type { App } from "./view";

const kSize = 128; // CSS pixels, as in panels.css
const kAbove = 24; // between loupe and finger

/** Where the loupe goes for a finger at (x, y) of a map so wide: above it, beside it near the top. */
export function loupeAt(x: number, y: number, width: number): [number, number] {
  const left = Math.max(4, Math.min(width - kSize - 4, x - kSize / 2));
  const top = y - kAbove - kSize;
  if (top >= 4) return [left, top];
  return [x > width / 2 ? x - kSize - 2 * kAbove : x + 2 * kAbove, 4];
}

export function mountLoupe(app: App, map: HTMLElement): void {
  const canvas = el("canvas", { width: kSize, height: kSize });
  const mark = el("span", { className: "mark" }, "decoded");
  const loupe = el("div", { id: "loupe", hidden: true, "aria-hidden": "true" }, canvas, mark);
  map.append(loupe);
  const ink = canvas.getContext("2d")!;
  ink.imageSmoothingEnabled = false;
  const copy = () => {
    if (loupe.hidden) return;
    // The panel's canvas is the one image under the cursor; it is copied, not decoded again.
    const source = byId("cursor-body").querySelector("canvas");
    if (source && source.width > 0) {
      const unit = Math.min(kSize / source.width, kSize / source.height);
      const [width, height] = [source.width * unit, source.height * unit];
      loupe.classList.toggle("far", source.closest(".far") !== null);
      mark.hidden = !source.parentElement!.querySelector(".mark:not([hidden])");
      ink.clearRect(0, 0, kSize, kSize);
      ink.drawImage(source, (kSize - width) / 2, (kSize - height) / 2, width, height);
    }
    requestAnimationFrame(copy);
  };
  app.map.onHold = (at) => {
    const start = loupe.hidden;
    loupe.hidden = at === null || !byId("cursor-body").querySelector("canvas"); // rows without images
    if (!at || loupe.hidden) return;
    const [left, top] = loupeAt(at[0], at[1], map.clientWidth);
    loupe.style.transform = `translate(${left}px, ${top}px)`;
    if (start) copy();
  };
}
