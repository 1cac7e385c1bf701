// What marks are drawn with: a canvas here, SVG in picture.ts.

export interface Stroke {
  colour: string;
  width: number;
  alpha?: number;
  dash?: number[];
}

export interface Pen {
  /** Through [x, y, x, y, ...]; with `fill` closed. */
  line(corners: ArrayLike<number>, stroke: Stroke, fill?: string): void;
  circle(x: number, y: number, radius: number, stroke: Stroke | null, fill?: string): void;
  /** Beside a position, centred on it if no anchor is given; bold with a halo, plain with "none". */
  text(x: number, y: number, text: string, size: number, colour: string, halo: string, anchor?: "start" | "end"): void;
}

export class CanvasPen implements Pen {
  constructor(private readonly context: CanvasRenderingContext2D, private readonly font: string) {}

  line(corners: ArrayLike<number>, stroke: Stroke, fill?: string): void {
    const { context } = this;
    context.beginPath();
    for (let i = 0; i < corners.length; i += 2) context.lineTo(corners[i], corners[i + 1]);
    if (fill) context.closePath();
    this.finish(stroke, fill);
  }

  circle(x: number, y: number, radius: number, stroke: Stroke | null, fill?: string): void {
    this.context.beginPath();
    this.context.arc(x, y, radius, 0, 2 * Math.PI);
    this.finish(stroke, fill);
  }

  text(x: number, y: number, text: string, size: number, colour: string, halo: string, anchor?: "start" | "end"): void {
    const { context } = this;
    context.font = `${halo === "none" ? 400 : 600} ${size}px ${this.font}`;
    context.textAlign = anchor ?? "center";
    context.textBaseline = "middle";
    if (halo !== "none") {
      context.lineJoin = "round";
      context.strokeStyle = halo;
      context.lineWidth = 4;
      context.strokeText(text, x, y);
    }
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }

  private finish(stroke: Stroke | null, fill?: string): void {
    const { context } = this;
    context.globalAlpha = stroke?.alpha ?? 1;
    if (fill) {
      context.fillStyle = fill;
      context.fill();
    }
    if (stroke) {
      context.setLineDash(stroke.dash ?? []);
      context.strokeStyle = stroke.colour;
      context.lineWidth = stroke.width;
      context.stroke();
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
  }
}
