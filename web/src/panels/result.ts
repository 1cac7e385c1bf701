// What the model makes of an image that is not in the data: its place on the map, its reconstruction
// and its nearest neighbours. Shared by Draw and Drop.

import { el, figure } from "../dom";
import type { App } from "../view";
import { compareView } from "./compare";
import { latest } from "./latest";
import { labelsFor, majority, withoutDecoder } from "./points";
import { tiles } from "./tiles";
import { choice, sentence } from "./widgets";

const kNear = 10;

interface Request {
  image: Float32Array | null;
  label: string;
}
interface Encoded {
  image: Float32Array;
  label: string;
  labels: Int32Array | undefined;
  latent: Float32Array;
}

/** Where the drawing or the image lies that was encoded last. */
let placed: readonly [number, number] | null = null;

export interface Result {
  element: HTMLElement;
  /** Encodes the image [values] in [0, 1]; null clears. */
  show(image: Float32Array | null, label: string): void;
}

export function resultView(app: App): Result {
  const { pack, view, engine } = app;
  const element = el("div", { className: "result", hidden: true });
  if (!engine.canEncode) {
    element.hidden = false;
    element.append(sentence(withoutDecoder(pack).replace("decoded", "encoded")));
    return { element, show() {} };
  }
  const compare = compareView(app, "input");
  const near = tiles(app, "nearest latent vectors");
  element.append(compare.element);
  if (pack.latents) element.append(el("div", { className: "space" }, el("h3", {}, "nearest latent vectors"), near.element));
  let chosen = -1; // -1: the class of most of the nearest images
  let last: Request = { image: null, label: "" };
  if (pack.facts.takes_labels) {
    element.append(choice("class", ["as the nearest images", ...pack.facts.class_names], (i) => {
      chosen = i - 1;
      show(last);
    }).element);
  }

  const show = latest(async ({ image, label }: Request) => {
    element.hidden = !image;
    if (!image) {
      if (placed === mine) view.set("placed", (placed = null));
      return;
    }
    const labels = await labelsOf(image);
    const latent = await engine.encode(image, labels);
    if (engine.canPlace) {
      const [x, y] = await engine.place(latent);
      view.set("placed", (placed = mine = [x, y]));
    }
    detail({ image, label, labels, latent });
  }, app.tell);

  // Apart from the position, which waits for no picture.
  const detail = latest(async ({ image, label, labels, latent }: Encoded) => {
    compare.show(image, engine.canDecode ? await engine.decode(latent, labels) : null, label);
    if (!pack.latents) return;
    const found = await engine.near("latent", latent, Math.min(kNear, pack.count));
    await near.show(found.points, (i) => figure(found.distances[i]));
  }, app.tell);

  async function labelsOf(image: Float32Array): Promise<Int32Array | undefined> {
    if (!pack.facts.takes_labels) return undefined;
    if (chosen >= 0 || !pack.images) return labelsFor(pack, Math.max(0, chosen), 1);
    return labelsFor(pack, majority(pack, (await engine.near("pixel", image, Math.min(kNear, pack.count))).points), 1);
  }

  // The mark on the map belongs to the tab that is open.
  let mine: typeof placed = null;
  view.on(["tab"], () => {
    if (view.get("tab") === "draw") view.set("placed", placed);
    else if (view.get("placed") === placed) view.set("placed", null);
  });
  view.on(["map"], () => last.image && show(last));
  return { element, show: (image, label) => show((last = { image, label })) };
}
