// A sheet with strokes, drawn by mouse, finger, pen or keys. It knows nothing of models.

import { el } from "../dom";
import type { Shape } from "../pack";

const kSide = 224; // CSS pixels of the longest side
const kFine = 280; // pixels of the longest side that strokes are drawn in

interface Stroke {
  width: number; // in pixels of the data
  erasing: boolean;
  points: [number, number][]; // in pixels of the data
}

export class Sheet {
  readonly element: HTMLElement;
  width = 2;
  erasing = false;
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private readonly pen = el("span", { className: "pen", hidden: true });
  private readonly fine: number; // fine pixels for each of the data
  private strokes: Stroke[] = [];
  private down: Stroke | null = null;
  private at: [number, number];

  /** `dark`: strokes are black on white, not white on black. */
  constructor(private readonly shape: Shape, private readonly dark: boolean, private readonly changed: () => void) {
    const longest = Math.max(shape.height, shape.width);
    this.fine = Math.max(1, Math.round(kFine / longest));
    const scale = kSide / longest;
    this.canvas = el("canvas", { height: shape.height * this.fine, width: shape.width * this.fine, tabIndex: 0, role: "application", "aria-label": "sheet to draw on", "aria-describedby": "draw-keys" });
    this.canvas.style.height = `${shape.height * scale}px`;
    this.canvas.style.width = `${shape.width * scale}px`;
    this.context = this.canvas.getContext("2d", { willReadFrequently: true })!;
    this.at = [shape.width / 2, shape.height / 2];
    const keys = el("p", { className: "note", id: "draw-keys" }, "Arrows move the pen, Space puts it down or lifts it, Delete takes back a stroke.");
    this.element = el("div", { className: "sheet" }, this.canvas, this.pen, keys);
    this.listen();
    this.redraw();
  }

  isEmpty(): boolean {
    return !this.strokes.some((stroke) => !stroke.erasing);
  }
  undo(): void {
    this.strokes.pop();
    this.redraw();
    this.changed();
  }
  clear(): void {
    this.strokes = [];
    this.redraw();
    this.changed();
  }
  /** The values 0..1 of the fine pixels. */
  read(): { ink: Float32Array; height: number; width: number } {
    const { height, width } = this.canvas;
    const { data } = this.context.getImageData(0, 0, width, height);
    const ink = new Float32Array(height * width);
    for (let i = 0; i < ink.length; ++i) ink[i] = data[4 * i] / 255;
    return { ink, height, width };
  }

  private listen(): void {
    const { canvas } = this;
    canvas.onpointerdown = (event) => {
      if (event.button !== 0 && event.button !== 5) return; // 5: the eraser of a pen
      canvas.setPointerCapture(event.pointerId);
      this.pen.hidden = true;
      this.begin(this.place(event), this.erasing || event.button === 5);
    };
    canvas.onpointermove = (event) => {
      if (!this.down || !canvas.hasPointerCapture(event.pointerId)) return;
      const all = event.getCoalescedEvents?.() ?? [];
      for (const each of all.length ? all : [event]) this.extend(this.place(each));
      this.changed();
    };
    canvas.onpointerup = canvas.onpointercancel = () => (this.down = null);
    canvas.onblur = () => {
      this.down = null;
      this.pen.hidden = true;
    };
    canvas.onkeydown = (event) => this.key(event);
  }
  private key(event: KeyboardEvent): void {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Delete" || event.key === "Backspace" || (event.key === "z" && (event.ctrlKey || event.metaKey))) this.undo();
    else if (event.key === " ") {
      if (this.down) this.down = null;
      else this.begin(this.at, this.erasing);
    } else if (step) {
      const { width, height } = this.shape;
      this.at = [Math.max(0, Math.min(width, this.at[0] + step[0])), Math.max(0, Math.min(height, this.at[1] + step[1]))];
      if (this.down) {
        this.extend(this.at);
        this.changed();
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
    this.pen.hidden = false;
    this.pen.classList.toggle("down", this.down !== null);
    this.pen.style.left = `${(100 * this.at[0]) / this.shape.width}%`;
    this.pen.style.top = `${(100 * this.at[1]) / this.shape.height}%`;
  }

  private place(event: PointerEvent): [number, number] {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * this.shape.width, ((event.clientY - box.top) / box.height) * this.shape.height];
  }
  private begin(at: [number, number], erasing: boolean): void {
    this.down = { width: this.width * (erasing ? 2 : 1), erasing, points: [at] };
    this.strokes.push(this.down);
    this.paint(this.down, 0);
    this.changed();
  }
  private extend(at: [number, number]): void {
    this.down!.points.push(at);
    this.paint(this.down!, this.down!.points.length - 2);
  }

  /** Draws a stroke from its point `first` on. */
  private paint({ width, erasing, points }: Stroke, first: number): void {
    const { context, fine } = this;
    context.lineCap = context.lineJoin = "round";
    context.lineWidth = width * fine;
    context.strokeStyle = erasing === this.dark ? "#fff" : "#000";
    context.beginPath();
    context.moveTo(points[first][0] * fine, points[first][1] * fine);
    for (const [x, y] of points.slice(first)) context.lineTo(x * fine, y * fine);
    context.stroke();
  }
  private redraw(): void {
    this.context.fillStyle = this.dark ? "#fff" : "#000";
    this.context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    for (const stroke of this.strokes) this.paint(stroke, 0);
  }
}
