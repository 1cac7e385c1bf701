// Drop: an image from outside, dragged onto the page, pasted or chosen, as the model sees it.

import { el } from "../dom";
import type { App } from "../view";
import { centredDigit } from "./centre";
import { fittedImage } from "./fit";
import type { Size } from "./fit";
import { resultView } from "./result";
import { button, sentence } from "./widgets";

const kLargest = 4096; // pixels of a side that are read; the browser shrinks larger images to it

export function mountDrop(app: App, host: HTMLElement): void {
  const { view } = app;
  const { shape, centred_digits, fit, background } = app.pack.facts;
  if (!shape || !app.engine.canEncode) {
    host.append(sentence("There is no model for images in this page, so neither a drawing nor an image finds its place."));
    return;
  }
  const result = resultView(app);
  const file = el("input", { type: "file", accept: "image/*", hidden: true, onchange: () => void take(file.files) });
  const digit = el("input", { type: "checkbox", checked: true, onchange: () => decoded && see(decoded) });
  const size = `${shape.height} x ${shape.width}`;
  const how = centred_digits
    ? `${size}, stretched; as a digit: white on black, centred as MNIST's are`
    : `${size}, ${{ stretch: "stretched", crop: "the middle cut out", pad: "the whole image with the background around it" }[fit]}, as the run's data`;
  host.append(
    el("div", { className: "drop" }, el("h3", {}, "Drop"),
      el("p", {}, "Drop an image anywhere on the page, paste one, or ", button("choose a file", () => file.click())), file,
      el("label", { className: "choice", hidden: !centred_digits }, digit, " as a digit"),
      el("p", { className: "note" }, `It is brought to ${how}.`), result.element),
  );

  let decoded: { pixels: ImageData; name: string } | null = null;

  async function take(files: FileList | null | undefined): Promise<void> {
    if (!files?.length) return app.tell("That holds no image file.");
    const [first] = files;
    view.set("tab", "draw");
    try {
      see((decoded = { pixels: await pixelsOf(first), name: first.name || "the image" }));
      if (files.length > 1) app.tell(`One image at a time: this is ${first.name}.`);
    } catch {
      app.tell(`${first.name || "This"} is not an image that this browser can read.`);
    }
    file.value = "";
  }
  function see({ pixels, name }: { pixels: ImageData; name: string }): void {
    const image = centred_digits && digit.checked ? asDigit(pixels, shape!) : null;
    result.show(image ?? fittedImage(pixels.data, pixels, shape!, fit, background), name);
    result.element.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  const leave = () => document.body.classList.remove("dropping");
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && leave());
  document.addEventListener("drop", (event) => {
    event.preventDefault(); // the browser would leave the page for the file
    leave();
    void take(event.dataTransfer?.files);
  });
  document.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files;
    if (files?.length) void take(files);
  });
}

async function pixelsOf(file: Blob): Promise<ImageData> {
  let bitmap = await createImageBitmap(file);
  const longest = Math.max(bitmap.width, bitmap.height);
  if (longest > kLargest) {
    const side = (length: number) => Math.max(1, Math.round((length * kLargest) / longest));
    bitmap = await createImageBitmap(bitmap, { resizeWidth: side(bitmap.width), resizeHeight: side(bitmap.height), resizeQuality: "high" });
  }
  const context = el("canvas", { width: bitmap.width, height: bitmap.height }).getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, context.canvas.width, context.canvas.height);
}

/** White on black and centred; null without ink. An image of the data's own size is one already. */
function asDigit(pixels: ImageData, shape: Size): Float32Array | null {
  const { height, width } = pixels;
  if (height === shape.height && width === shape.width) return null;
  const ink = fittedImage(pixels.data, pixels, { height, width, channels: 1 }, "stretch", "black");
  let edge = 0;
  for (let x = 0; x < width; ++x) edge += ink[x] + ink[(height - 1) * width + x];
  for (let y = 0; y < height; ++y) edge += ink[y * width] + ink[(y + 1) * width - 1];
  if (edge / (2 * (height + width)) > 0.5) ink.forEach((value, i) => (ink[i] = 1 - value));
  return centredDigit(ink, height, width, shape.height);
}
