// The canvas of dots and images and what draws on it: WebGL2, or without it (or after its loss) a
// canvas alone.

import type { Pack } from "../pack";
import { Atlas } from "./atlas";
import { makeGl } from "./gl";
import { makePlain } from "./plain";
import type { Renderer } from "./renderer";

const kPatience = 2000; // ms until a lost context is given up

export class Paper {
  renderer!: Renderer;
  readonly atlas: Atlas | null; // null where the pack has no images

  /** `begun` is called with each new renderer but the first, which knows nothing yet; `told` says what a person has to know. */
  constructor(private canvas: HTMLCanvasElement, pack: Pack, private readonly begun: () => void, private readonly told: (text: string) => void) {
    const limit = textureLimit();
    this.atlas = Atlas.of(pack, Math.min(limit || 4096, 4096));
    if (limit > 0) this.drawByGl();
    else this.drawPlainly();
  }

  get element(): HTMLCanvasElement {
    return this.canvas;
  }

  private drawByGl(): void {
    const { canvas } = this;
    const begin = () => {
      const renderer = makeGl(canvas, this.atlas);
      if (!renderer) return this.drawPlainly();
      this.renderer = renderer;
      canvas.dataset["by"] = "webgl2";
    };
    begin();
    let patience = 0;
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault(); // asks for it back
      patience = window.setTimeout(() => {
        this.drawPlainly();
        this.begun();
      }, kPatience);
    });
    canvas.addEventListener("webglcontextrestored", () => {
      clearTimeout(patience);
      if (canvas !== this.canvas) return;
      begin();
      this.begun();
    });
  }

  private drawPlainly(): void {
    // A canvas that was asked for WebGL gives no other context.
    const canvas = this.canvas.cloneNode() as HTMLCanvasElement;
    this.canvas.replaceWith(canvas);
    this.canvas = canvas;
    this.renderer = makePlain(canvas, this.atlas);
    canvas.dataset["by"] = "canvas";
    this.told("This browser has no WebGL2, or lost it: the map is drawn without the graphics card, which is slower.");
  }
}

/** The side of the largest texture, 0 without WebGL2. */
function textureLimit(): number {
  const gl = document.createElement("canvas").getContext("webgl2");
  const limit = gl ? (gl.getParameter(gl.MAX_TEXTURE_SIZE) as number) : 0;
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return limit;
}
