// The map: what is drawn when. Nothing is drawn while nothing changes.

import { colouring, hex } from "../colour";
import { byId, calmMotion } from "../dom";
import { onTheme, isDark, token } from "../theme";
import type { App, Camera, MapControl } from "../view";
import { alongGlide } from "./glide";
import { boxOf, fitBox, toMap, toScreen } from "./camera";
import type { Box, Size } from "./camera";
import { Grid } from "./grid";
import { Groups } from "./groups";
import { mountInput } from "./input";
import { drawMarks } from "./marks";
import type { Look, Scene } from "./marks";
import { Paper } from "./paper";
import { CanvasPen } from "./pen";
import { dimmedFirst, drawOrder, fitCanvas, uncovered } from "./renderer";
import type { Frame } from "./renderer";
import { TileSet } from "./tiles";

const kRoom = { left: 36, top: 36, right: 36, bottom: 30 };
const kGlide = 320; // ms that the camera takes to another place
const kPulse = 1200; // ms of a pulse of the placed image
const kPulses = 3;
const kCover = 0.8; // of a dot's diameter: of dots in a square of this side only one is seen
const kFarthest = 0.25; // shares of the scale that shows all
const kNearest = 4000;
const kNoted = 24; // CSS pixels: how near a click is to the point that it means

export class MapView implements MapControl {
  step: MapControl["step"] = null;
  onHold: MapControl["onHold"] = null;
  lasso: Scene["lasso"] = null;
  aim: readonly [number, number] | null = null; // the pointer, on the map
  lineFrom = -1; // the first point of a line that is being chosen, or -1

  private boxed: { positions: Float32Array; box: Box | null } | null = null;
  private size: Size = { width: 1, height: 1 };
  private readonly paper: Paper;
  private readonly marks = byId<HTMLCanvasElement>("marks").getContext("2d")!;
  private readonly order: Int32Array;
  private sorted = { order: new Int32Array(0), dimmed: 0 };
  private cell = NaN; // units of the map; of dots in one cell only the last is drawn
  private reach: Box = { left: 0, right: 0, bottom: 0, top: 0 }; // dots farther out are not drawn
  private active: Uint8Array;
  private rgb = new Uint8Array(0); // [count, 3]
  private grid: Grid;
  private tiles: TileSet | null = null;
  private readonly groups: Groups;
  private look!: Look;

  private requested = 0;
  private last = NaN; // time of the frame before, NaN after a rest
  private stale = true; // the points, not only the marks
  private drawn: Camera | null = null;
  private glide: { from: Camera; to: Camera; begin: number } | null = null;
  private placedSince = NaN;
  private fitted: Camera | null = null;

  constructor(private readonly app: App, private readonly host: HTMLElement) {
    const { pack, view } = app;
    this.order = drawOrder(pack.count);
    this.active = view.get("shown");
    this.grid = new Grid(this.positions);
    this.groups = new Groups(pack);
    this.groups.place(this.positions);
    this.paper = new Paper(byId<HTMLCanvasElement>("points"), pack, () => this.begin(), app.tell);
    const { atlas } = this.paper;
    if (atlas) {
      const least = Math.sqrt((screen.width * screen.height) / atlas.capacity);
      this.tiles = new TileSet(this.grid, (point) => this.isShownImage(point), least);
    }
    this.readLook();
    this.measure();
    this.fit();
    this.listen();
    new ResizeObserver(() => this.measure()).observe(host);
    this.firstPick();
  }

  // MapControl

  fit(points?: ArrayLike<number>): void {
    const whole = this.whole();
    const box = points && points.length > 0 ? boxOf(this.positions, points) : null;
    const to = box ? fitBox(box, this.size, { left: 70, top: 70, right: 70, bottom: 70 }, points!.length === 1 ? 12 * whole.scale : 60 * whole.scale) : whole;
    if (!box) this.fitted = to;
    this.glideTo(to);
  }
  show(place: { x: number; y: number; zoom: number } | null): void {
    this.measure();
    if (!place) return this.fit();
    const { x, y, zoom } = place;
    this.glideTo({ x, y, scale: Math.min(kNearest, Math.max(kFarthest, zoom)) * this.whole().scale });
  }
  reveal(point: number): void {
    const [left, top] = this.at(point);
    const margin = 40;
    if (left > margin && top > margin && left < this.size.width - margin && top < this.size.height - margin) return;
    this.glideTo({ ...this.camera, x: this.positions[2 * point], y: this.positions[2 * point + 1] });
  }
  toScreen(x: number, y: number): [number, number] {
    return toScreen(this.camera, this.size, x, y);
  }
  toMap(left: number, top: number): [number, number] {
    return toMap(this.camera, this.size, left, top);
  }
  nearest(x: number, y: number, within = kNoted): number {
    const { scale } = this.camera;
    const image = this.tiles?.under(x, y, scale) ?? -1;
    if (image >= 0) return image;
    const lit = this.grid.nearest(x, y, within / scale, (point) => this.active[point] === 1);
    return lit >= 0 ? lit : this.grid.nearest(x, y, within / scale);
  }

  // For input and picture

  get camera(): Camera {
    return this.app.view.get("camera");
  }
  get limits(): [number, number] {
    const { scale } = this.whole();
    return [kFarthest * scale, kNearest * scale];
  }
  get extent(): Size {
    return this.size;
  }
  get points(): Grid {
    return this.grid;
  }
  isActive(point: number): boolean {
    return this.active[point] === 1;
  }
  /** Takes the size that the map has now. */
  measure(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (width < 2 || height < 2) return;
    const wasFitted = this.fitted !== null && this.camera === this.fitted;
    this.size = { width, height };
    if (wasFitted) {
      this.fitted = this.whole();
      this.moveTo(this.fitted);
    }
    this.request(true);
    // A canvas is empty after its size changed: drawn now, not in the next frame.
    if (this.drawn) {
      cancelAnimationFrame(this.requested);
      this.frame(performance.now());
    }
  }
  /** Moves the map at once, as a hand does. */
  moveTo(camera: Camera): void {
    this.glide = null;
    this.app.view.set("camera", camera);
  }
  glideTo(to: Camera): void {
    if (calmMotion() || !document.body.classList.contains("ready")) return this.moveTo(to);
    this.glide = { from: this.camera, to, begin: performance.now() };
    this.request();
  }
  request(points = false): void {
    this.stale ||= points;
    this.requested ||= requestAnimationFrame((now) => this.frame(now));
  }
  at(point: number): [number, number] {
    return this.toScreen(this.positions[2 * point], this.positions[2 * point + 1]);
  }
  scene(hand: boolean, pulse: number): Scene {
    const { view } = this.app;
    return {
      view: (key) => view.get(key),
      at: (point) => this.at(point),
      screen: (x, y) => this.toScreen(x, y),
      names: this.groups.seen(view.get("hidden"), this.size, (point) => this.at(point)),
      width: (text, size) => {
        this.marks.font = `600 ${size}px ${token("--sans")}`;
        return this.marks.measureText(text).width;
      },
      lasso: this.lasso,
      chosen: this.lineFrom >= 0 && this.aim ? [this.at(this.lineFrom), this.toScreen(...this.aim)] : null,
      pulse,
      hand,
    };
  }
  get colours(): Look {
    return this.look;
  }
  /** The images in sight and their side, for a picture. */
  seen(): { points: number[]; side: number; border: number } {
    const { tiles, side, border } = this.plan(Infinity).frame;
    return { points: tiles.points.filter((_, i) => tiles.alpha[i] > 0.3), side, border };
  }
  /** Draws points (and images) with more pixels, and hands the canvas over before it is drawn again. */
  paint(ratio: number, images: boolean, use: (canvas: HTMLCanvasElement) => void): void {
    const { frame } = this.plan(Infinity);
    if (!images) frame.tiles = { points: [], alpha: new Float32Array(0) };
    while (!this.paper.renderer.draw({ ...frame, ratio }));
    use(this.paper.element);
    this.request(true);
  }

  // Drawing

  private get positions(): Float32Array {
    return this.app.view.get("moving") ?? this.app.pack.maps[this.app.view.get("map")];
  }
  private get ratio(): number {
    return Math.min(3, devicePixelRatio || 1);
  }

  private frame(now: number): void {
    this.requested = 0;
    const elapsed = calmMotion() ? Infinity : Number.isNaN(this.last) ? 16 : now - this.last;
    const moved = this.stepCamera(now) || this.camera !== this.drawn;
    let more = this.glide !== null;
    if (moved || this.stale) {
      this.stale = false;
      this.drawn = this.camera;
      const { frame, moving } = this.plan(elapsed);
      const whole = this.paper.renderer.draw(frame);
      if (moving || !whole) {
        this.stale = true;
        more = true;
      }
    }
    const pulse = (now - this.placedSince) / kPulse;
    const pulses = pulse < kPulses && !calmMotion();
    this.drawOver(pulses ? pulse % 1 : 0);
    this.last = more || pulses ? now : NaN;
    if (more || pulses) this.request();
  }

  private plan(elapsed: number): { frame: Frame; moving: boolean } {
    const { camera, size } = this;
    const whole = this.whole().scale;
    const half = [size.width / 2 / camera.scale, size.height / 2 / camera.scale];
    const box = { left: camera.x - half[0], right: camera.x + half[0], bottom: camera.y - half[1], top: camera.y + half[1] };
    const { tiles, moving } = (this.app.view.get("moving") ? null : this.tiles)?.step(box, camera.scale, elapsed) ?? { tiles: { points: [], alpha: new Float32Array(0) }, moving: false };
    const alone = Math.min(8, Math.max(2.2, 0.35 * Math.sqrt((size.width * size.height) / this.app.pack.count)));
    const dot = Math.min(12, alone * Math.max(1, camera.scale / whole) ** 0.3);
    this.uncover(box, 2 ** (Math.floor(2 * Math.log2((kCover * dot) / camera.scale)) / 2));
    const side = this.tiles?.side(camera.scale) ?? 0;
    return {
      frame: {
        camera, size, ratio: this.ratio, tiles, side, dot,
        dotAlpha: 0.92,
        border: side < 50 ? 2 : 3,
      },
      moving,
    };
  }

  /** Leaves out dots that nobody sees: out of sight, or under others. */
  private uncover(box: Box, cell: number): void {
    const { reach, positions } = this;
    if (cell === this.cell && box.left >= reach.left && box.right <= reach.right && box.bottom >= reach.bottom && box.top <= reach.top) return;
    const [width, height] = [(box.right - box.left) / 2, (box.top - box.bottom) / 2];
    this.reach = { left: box.left - width, right: box.right + width, bottom: box.bottom - height, top: box.top + height };
    this.cell = cell;
    const dim = hex(token("--dim").slice(1));
    this.paper.renderer.setDots({ ...uncovered(this.sorted, positions, this.reach, cell), rgb: this.rgb, dim });
  }

  private drawOver(pulse: number): void {
    const { marks, ratio, size } = this;
    fitCanvas(marks.canvas, { size, ratio });
    marks.setTransform(ratio, 0, 0, ratio, 0, 0);
    marks.clearRect(0, 0, size.width, size.height);
    drawMarks(new CanvasPen(marks, token("--sans")), this.scene(true, pulse), this.look);
  }

  private stepCamera(now: number): boolean {
    if (!this.glide) return false;
    const { from, to, begin } = this.glide;
    const camera = alongGlide(from, to, (now - begin) / kGlide);
    if (camera === to) this.glide = null;
    this.app.view.set("camera", camera);
    return true;
  }

  whole(): Camera {
    // Of the map's own positions: points that move between two maps do not move the frame.
    const positions = this.app.pack.maps[this.app.view.get("map")];
    if (this.boxed?.positions !== positions) this.boxed = { positions, box: boxOf(positions) };
    const box = this.boxed.box ?? { left: -1, right: 1, bottom: -1, top: 1 };
    const thick = Math.max(box.right - box.left, box.top - box.bottom) || 2;
    const flat = { left: (box.left + box.right - thick) / 2, right: (box.left + box.right + thick) / 2, bottom: (box.bottom + box.top - thick) / 2, top: (box.bottom + box.top + thick) / 2 };
    return fitBox(box.right > box.left && box.top > box.bottom ? box : flat, this.size, kRoom, Infinity);
  }

  // What changes

  private listen(): void {
    const { view } = this.app;
    view.on(["camera"], () => this.request());
    view.on(
      ["picked", "cursor", "frozen", "neighbours", "blend", "path", "line", "tab", "tool", "hidden"],
      () => this.request(),
    );
    view.on(["tool"], () => (this.lineFrom = -1));
    view.on(["placed"], () => {
      this.placedSince = view.get("placed") ? performance.now() : NaN;
      this.request();
    });
    view.on(["shown", "selection"], () => this.setActive());
    view.on(["colour"], () => this.setColours());
    view.on(["map", "moving"], () => this.setPositions());
    onTheme(() => {
      this.readLook();
      this.setColours();
    });
  }

  /** Tells a new renderer all that it has to draw. */
  private begin(): void {
    this.paper.renderer.setPositions(this.positions);
    this.setDots();
  }
  private setActive(): void {
    const { view, pack } = this.app;
    const selection = view.get("selection");
    this.active = view.get("shown");
    if (selection) {
      this.active = new Uint8Array(pack.count);
      for (const point of selection) this.active[point] = view.get("shown")[point];
    }
    this.tiles?.setWanted((point) => this.isShownImage(point));
    this.setDots();
  }
  private setColours(): void {
    this.rgb = colouring(this.app.pack, this.app.view.get("colour"), isDark()).rgb;
    this.setDots();
  }
  private setDots(): void {
    this.sorted = dimmedFirst(this.order, this.active);
    this.cell = NaN;
    this.request(true);
  }
  /** While points move, only the dots and the marks follow. */
  private setPositions(): void {
    const { positions } = this;
    const still = this.app.view.get("moving") === null;
    if (still && this.grid.positions !== positions) {
      const { fitted } = this;
      this.grid = new Grid(positions);
      this.tiles?.setGrid(this.grid);
      this.groups.place(positions);
      if (fitted && this.camera === fitted) this.fit();
    }
    this.paper.renderer.setPositions(positions);
    this.cell = NaN;
    this.request(true);
  }
  private isShownImage(point: number): boolean {
    return this.active[point] === 1 && this.paper.atlas!.has(point);
  }
  private firstPick(): void {
    const { view } = this.app;
    const first = this.groups.first(this.positions);
    if (!(first >= 0)) return;
    view.set("picked", first);
    view.set("cursor", [this.positions[2 * first], this.positions[2 * first + 1]]);
  }
  private readLook(): void {
    this.look = { ink: token("--ink"), soft: token("--soft"), paper: token("--paper"), accent: token("--accent"), warn: token("--warn") };
  }
}

export function mountMap(app: App, host: HTMLElement): MapView {
  const map = new MapView(app, host);
  mountInput(app, map, host);
  return map;
}
