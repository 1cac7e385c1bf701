// Mouse, trackpad, fingers and keys on the map.

import { byId } from "../dom";
import type { App } from "../view";
import { moveBy, zoomAt } from "./camera";
import { combine, pointsInside, Polygon } from "./lasso";
import type { MapView } from "./map";

const kDrag = 4; // CSS pixels that a click may move
const kHold = 350; // ms that a finger rests until it moves the cursor
const kStep = 80; // CSS pixels of an arrow key

type Place = [number, number]; // CSS pixels in the map

export function mountInput(app: App, map: MapView, host: HTMLElement): void {
  const { view } = app;
  const fingers = new Map<number, Place>();
  let down: Place | null = null; // where the gesture began
  let gesture: "none" | "pan" | "lasso" | "hold" | "pinch" = "none";
  let holding = 0;

  const place = (event: { clientX: number; clientY: number }): Place => {
    const box = host.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const aim = ([left, top]: Place) => {
    if (!view.get("frozen")) view.set("cursor", map.toMap(left, top));
    map.aim = map.toMap(left, top);
  };
  const greet = invitation(app);

  host.addEventListener("pointerdown", (event) => {
    if (event.button > 0 || (event.target as Element).closest("button,a,select")) return;
    greet();
    const at = place(event);
    fingers.set(event.pointerId, at);
    host.setPointerCapture(event.pointerId);
    clearTimeout(holding);
    if (fingers.size === 2) {
      gesture = "pinch";
      map.lasso = null;
      return;
    }
    down = at;
    gesture = "none";
    if (event.pointerType !== "mouse") {
      holding = window.setTimeout(() => {
        if (gesture !== "none") return;
        gesture = "hold";
        aim(at);
        map.onHold?.(at);
      }, kHold);
    }
  });

  host.addEventListener("pointermove", (event) => {
    const at = place(event);
    const before = fingers.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse" || event.pointerType === "pen") aim(at);
      return;
    }
    if (gesture === "pinch") pinch(event.pointerId, before, at);
    const begins = gesture === "none" && down !== null && Math.hypot(at[0] - down[0], at[1] - down[1]) > kDrag;
    if (begins) begin();
    fingers.set(event.pointerId, at);
    const from = begins ? down! : before;
    if (gesture === "pan") map.moveTo(moveBy(map.camera, at[0] - from[0], at[1] - from[1]));
    if (gesture === "lasso") {
      map.lasso = [...map.lasso!, map.toMap(...at)];
      map.request();
    }
    if (gesture === "hold") {
      aim(at);
      map.onHold?.(at);
    }
  });

  const begin = () => {
    clearTimeout(holding);
    gesture = view.get("tool") === "lasso" ? "lasso" : "pan";
    host.dataset["drag"] = gesture;
    if (gesture === "lasso") map.lasso = [map.toMap(...down!)];
  };

  const pinch = (finger: number, before: Place, at: Place) => {
    const other = [...fingers].find(([id]) => id !== finger)?.[1];
    if (!other) return;
    const spread = (p: Place) => Math.hypot(p[0] - other[0], p[1] - other[1]) || 1;
    const middle: Place = [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2];
    const moved = moveBy(map.camera, (at[0] - before[0]) / 2, (at[1] - before[1]) / 2);
    map.moveTo(zoomAt(moved, map.extent, ...middle, spread(at) / spread(before), map.limits));
  };

  const lift = (event: PointerEvent) => {
    if (!fingers.delete(event.pointerId)) return;
    clearTimeout(holding);
    const done = gesture;
    if (fingers.size > 0) return; // the other finger of a pinch: the gesture ends with it
    gesture = "none";
    delete host.dataset["drag"];
    if (done === "lasso") select(event);
    if (done === "hold") map.onHold?.(null);
    if (done === "none" && event.type === "pointerup") {
      if (event.pointerType !== "mouse") aim(place(event));
      click(app, map, place(event));
    }
    map.lasso = null;
    map.request();
  };
  host.addEventListener("pointerup", lift);
  host.addEventListener("pointercancel", lift);

  const select = (event: PointerEvent) => {
    if (!map.lasso || map.lasso.length < 3) return;
    const shown = view.get("shown");
    const inside = pointsInside(map.points, new Polygon(map.lasso), (point) => shown[point] === 1);
    view.set("selection", combine(view.get("selection"), inside, event.shiftKey ? "add" : event.altKey ? "remove" : "new"));
    view.set("tab", "selection");
  };

  host.addEventListener("dblclick", () => {
    if (view.get("tool") === "pan") map.fit();
  });

  host.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      greet();
      const lines = event.deltaMode === 1 ? 16 : 1;
      const [dx, dy] = [event.deltaX * lines, event.deltaY * lines];
      // A trackpad's sideways move pans; its pinch comes as a wheel with Ctrl.
      if (!event.ctrlKey && Math.abs(dx) > Math.abs(dy)) return map.moveTo(moveBy(map.camera, -dx, 0));
      const factor = Math.exp(-Math.max(-600, Math.min(600, dy)) * (event.ctrlKey ? 0.01 : 0.002));
      map.moveTo(zoomAt(map.camera, map.extent, ...place(event), factor, map.limits));
      aim(place(event));
    },
    { passive: false },
  );

  host.addEventListener("keydown", (event) => {
    if (event.target !== host || event.ctrlKey || event.metaKey || event.altKey || !pressed(app, map, event)) return;
    greet();
    event.preventDefault();
  });
}

function click(app: App, map: MapView, at: Place): void {
  const { view } = app;
  const point = map.nearest(...map.toMap(...at));
  if (point < 0) return;
  if (view.get("tool") !== "line") {
    view.set("picked", point);
    if (view.get("tab") !== "line") view.set("tab", "picked");
    return;
  }
  const from = map.lineFrom;
  map.lineFrom = from < 0 ? point : -1;
  if (from >= 0) view.set("line", [from, point]);
  view.set("tab", "line");
}

/** The keys of the map while it has the focus, or nothing has. Returns whether the key was one. */
function pressed(app: App, map: MapView, event: KeyboardEvent): boolean {
  const { view } = app;
  const { width, height } = map.extent;
  const zoom = (factor: number) => map.moveTo(zoomAt(map.camera, map.extent, width / 2, height / 2, factor, map.limits));
  if (event.key === "+" || event.key === "=") return zoom(1.4), true;
  if (event.key === "-") return zoom(1 / 1.4), true;
  if (event.key === "0") return map.fit(), true;
  if (event.key === "Enter") {
    const cursor = view.get("cursor");
    if (cursor) click(app, map, map.toScreen(...cursor));
    return true;
  }
  const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!arrow) return false;
  const [dx, dy] = arrow;
  if (event.shiftKey) {
    const cursor = view.get("cursor") ?? [map.camera.x, map.camera.y];
    const { scale } = map.camera;
    view.set("cursor", [cursor[0] + (12 * dx) / scale, cursor[1] - (12 * dy) / scale]);
  } else if (view.get("picked") < 0 || !map.step?.(dx, dy)) {
    map.moveTo(moveBy(map.camera, -kStep * dx, -kStep * dy));
  }
  return true;
}

/** The line that invites; it goes with the first deed. */
function invitation({ engine }: App): () => void {
  const host = byId("invitation");
  const touch = matchMedia("(pointer: coarse)").matches;
  const [rest, click, zoom] = touch ? ["Rest a finger on", "tap", "spread two fingers"] : ["Move over", "click", "scroll"];
  const decodes = engine.canDecode ? `${rest} the map to see what the model draws there, ${click}` : click[0].toUpperCase() + click.slice(1);
  host.textContent = `${decodes} a point to see its neighbours, ${zoom} to look closer.`;
  return () => {
    host.textContent = "";
  };
}
