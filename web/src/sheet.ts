// On a phone the panel is a sheet of three heights over the map, moved by its handle or by a press.

import { byId, el } from "./dom";

type Height = "low" | "half" | "full";

const kHeights: readonly Height[] = ["low", "half", "full"];
const kNarrow = "(max-width: 760px)"; // as in panels.css

/** The height whose size in CSS pixels is nearest; a flick (pixels a millisecond, up positive) goes one further. */
export function nearestHeight(pixels: number, sizes: readonly number[], speed: number): number {
  let best = 0;
  sizes.forEach((size, i) => {
    if (Math.abs(size - pixels) < Math.abs(sizes[best] - pixels)) best = i;
  });
  if (Math.abs(speed) < 0.5) return best;
  const onward = sizes.findIndex((size) => size > pixels);
  if (speed > 0) return onward < 0 ? sizes.length - 1 : onward;
  return onward < 0 ? sizes.length - 2 : Math.max(0, onward - 1);
}

export function mountSheet(panel: HTMLElement): void {
  const handle = el("button", { type: "button", id: "handle" }, el("i"));
  panel.prepend(handle);
  let height: Height = "low";
  const set = (to: Height) => {
    height = to;
    document.body.dataset["sheet"] = to;
    panel.classList.remove("dragged");
    panel.style.height = "";
    const next = kHeights[(kHeights.indexOf(to) + 1) % kHeights.length];
    handle.setAttribute("aria-label", `Details are ${{ low: "low", half: "at half height", full: "at full height" }[to]}; press for ${next}`);
  };
  const sizes = () => {
    const style = getComputedStyle(document.body);
    const low = parseFloat(style.getPropertyValue("--low"));
    return [low, innerHeight / 2, innerHeight - 48];
  };
  drag(handle, panel, (pixels, speed) => set(kHeights[nearestHeight(pixels, sizes(), speed)]), () =>
    set(kHeights[(kHeights.indexOf(height) + 1) % kHeights.length]));
  // A tab that is opened wants to be read.
  byId("tabs").addEventListener("click", () => {
    if (height === "low") set("half");
  });
  set("low");
  const narrow = matchMedia(kNarrow);
  // The line's strip lies under the map, and in its tab where there is no room under the map.
  const moveStrip = () => byId(narrow.matches ? "pane-line" : "stage").append(byId("strip"));
  moveStrip();
  narrow.addEventListener("change", moveStrip);
}

function drag(handle: HTMLElement, panel: HTMLElement, drop: (pixels: number, speed: number) => void, press: () => void): void {
  let from: { y: number; height: number } | null = null;
  let last = { y: 0, time: 0, speed: 0 };
  let moved = false;
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    from = { y: event.clientY, height: panel.offsetHeight };
    last = { y: event.clientY, time: event.timeStamp, speed: 0 };
    moved = false;
  });
  handle.addEventListener("pointermove", (event) => {
    if (!from) return;
    moved ||= Math.abs(event.clientY - from.y) > 6;
    if (!moved) return;
    panel.classList.add("dragged"); // no easing: it follows the finger
    if (event.timeStamp > last.time) {
      last = { y: event.clientY, time: event.timeStamp, speed: (last.y - event.clientY) / (event.timeStamp - last.time) };
    }
    panel.style.height = Math.max(48, from.height + from.y - event.clientY) + "px";
  });
  const end = () => {
    if (from && moved) drop(panel.offsetHeight, last.speed);
    from = null;
  };
  handle.addEventListener("pointerup", end);
  handle.addEventListener("pointercancel", end);
  handle.addEventListener("click", () => {
    if (!moved) press();
    moved = false; // the next click may come from a key
  });
}
