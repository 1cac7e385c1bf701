// The map: what is drawn when. Nothing is drawn while nothing changes.

import { classNames, colouring } from "../colour";
import { byId, calmMotion } from "../dom";
import { onTheme, isDark, token } from "../theme";
import type { App, Camera, MapControl } from "../view";
import { Atlas } from "./atlas";
import { boxOf, fitBox, toMap, toScreen } from "./camera";
import type { Box, Size } from "./camera";
import { makeGl } from "./gl";
import { Grid } from "./grid";
import { mountInput } from "./input";
import { drawMarks } from "./marks";
import type { Look, Scene } from "./marks";
import { densestMembers } from "./medoid";
import { commonPrefix, shorten } from "./names";
import { CanvasPen } from "./pen";
import { makePlain } from "./plain";
import { dimmedFirst, drawOrder } from "./renderer";
import type { Frame, Renderer } from "./renderer";
import { TileSet } from "./tiles";

const kRoom = { left: 36, top: 36, right: 36, bottom: 30 };
const kGlide = 320; // ms that the camera takes to another place
const kPulse = 1200; // ms of a pulse of the placed image
const kPulses = 3;
const kNoted = 24; // CSS pixels: how near a click is to the point that it means

export class MapView implements MapControl {
  step: MapControl["step"] = null;
  onHold: MapControl["onHold"] = null;
  lasso: Scene["lasso"] = null;
  aim: readonly [number, number] | null = null; // the pointer, on the map
  lineFrom = -1; // the first point of a line that is being chosen, or -1

  private boxed: { positions: Float32Array; box: Box | null } | null = null;
  private size: Size = { width: 1, height: 1 };
  private renderer!: Renderer;
  private atlas: Atlas | null = null;
  private canvas = byId<HTMLCanvasElement>("points");
  private readonly marks = byId<HTMLCanvasElement>("marks").getContext("2d")!;
  private readonly order: Int32Array;
  private active: Uint8Array;
  private grid: Grid;
  private tiles: TileSet | null = null;
  private medoids = new Int32Array(0);
  private readonly groupNames: string[];
  private look!: Look;

  private requested = 0;
  private last = NaN; // time of the frame before, NaN after a rest
  private stale = true; // the points, not only the marks
  private drawn: Camera | null = null;
  private glide: { from: Camera; to: Camera; begin: number } | null = null;
  private placedSince = NaN;
  private fitted: Camera | null = null;
  private share = 1;
  private resting = 0;

  constructor(private readonly app: App, private readonly host: HTMLElement) {
    const { pack, view } = app;
    this.order = drawOrder(pack.count);
    this.active = view.get("shown");
    this.grid = new Grid(this.positions);
    const names = pack.labels ? classNames(pack) : [];
    const prefix = commonPrefix(names).length;
    this.groupNames = names.length > 1 ? names.map((name) => shorten(name.slice(prefix))) : [];
    this.readLook();
    this.begin(true);
    this.measure();
    this.placeGroups();
    this.fit();
    this.stopGlide();
    new ResizeObserver(() => this.measure()).observe(host);
    this.listen();
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
  show(camera: Camera | null): void {
    if (!camera) return this.fit();
    const [least, most] = this.limits;
    this.glideTo({ ...camera, scale: Math.min(most, Math.max(least, camera.scale)) });
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
    return [0.25 * scale, 4000 * scale];
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
    const hidden = view.get("hidden");
    return {
      view: (key) => view.get(key),
      at: (point) => this.at(point),
      screen: (x, y) => this.toScreen(x, y),
      names: this.groupNames.flatMap((text, group) => {
        const point = this.medoids[group];
        if (!(point >= 0) || hidden.has(group)) return [];
        const [x, y] = this.at(point);
        const out = x < -40 || y < -20 || x > this.size.width + 40 || y > this.size.height + 20;
        return out ? [] : [{ text, x, y, importance: -group }];
      }),
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
    while (!this.renderer.draw({ ...frame, ratio, share: 1 }));
    use(this.canvas);
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
    this.slow(moved, now - this.last);
    let more = this.glide !== null;
    if (moved || this.stale) {
      this.stale = false;
      this.drawn = this.camera;
      const { frame, moving } = this.plan(elapsed);
      const whole = this.renderer.draw(frame);
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
    const side = this.tiles?.side(camera.scale) ?? 0;
    return {
      frame: {
        camera, size, ratio: this.ratio, share: this.share, tiles, side,
        dot: Math.min(12, alone * Math.max(1, camera.scale / whole) ** 0.3),
        dotAlpha: 0.85,
        border: side < 50 ? 2 : 3,
      },
      moving,
    };
  }

  private drawOver(pulse: number): void {
    const { marks, ratio, size } = this;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (marks.canvas.width !== width || marks.canvas.height !== height) Object.assign(marks.canvas, { width, height });
    marks.setTransform(ratio, 0, 0, ratio, 0, 0);
    marks.clearRect(0, 0, size.width, size.height);
    drawMarks(new CanvasPen(marks, token("--sans")), this.scene(true, pulse), this.look);
  }

  /** Hundreds of thousands of points are drawn in part while the map moves, if all take too long. */
  private slow(moved: boolean, interval: number): void {
    if (this.app.pack.count < 150_000) return;
    if (moved && interval > 45) this.share = Math.max(0.1, this.share * 0.75);
    if (!moved) return;
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => {
      if (this.share === 1) return;
      const before = this.share;
      this.share = 1;
      this.request(true);
      requestAnimationFrame(() => (this.share = before));
    }, 200);
  }

  private stepCamera(now: number): boolean {
    if (!this.glide) return false;
    const { from, to, begin } = this.glide;
    const t = Math.min(1, Math.max(0, (now - begin) / kGlide));
    const eased = 1 - (1 - t) ** 3;
    // The scale moves evenly in steps of zoom, and the centre so that the end's centre comes straight.
    const scale = from.scale * (to.scale / from.scale) ** eased;
    const way = from.scale === to.scale ? eased : (1 / from.scale - 1 / scale) / (1 / from.scale - 1 / to.scale);
    const camera = t === 1 ? to : { x: from.x + way * (to.x - from.x), y: from.y + way * (to.y - from.y), scale };
    if (t === 1) this.glide = null;
    this.app.view.set("camera", camera);
    return true;
  }
  private stopGlide(): void {
    if (this.glide) this.moveTo(this.glide.to);
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
    view.on(["colour"], () => this.setDots());
    view.on(["map", "moving"], () => this.setPositions());
    onTheme(() => {
      this.readLook();
      this.setDots();
    });
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
  private setDots(): void {
    const { pack, view } = this.app;
    const dim = [1, 3, 5].map((at) => parseInt(token("--dim").slice(at, at + 2), 16)) as [number, number, number];
    this.renderer.setDots({ ...dimmedFirst(this.order, this.active), rgb: colouring(pack, view.get("colour"), isDark()).rgb, dim });
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
      this.placeGroups();
      if (fitted && this.camera === fitted) this.fit();
    }
    this.renderer.setPositions(positions);
    this.request(true);
  }
  private isShownImage(point: number): boolean {
    return this.active[point] === 1 && this.atlas!.has(point);
  }
  private placeGroups(): void {
    if (this.groupNames.length > 0) this.medoids = densestMembers(this.positions, this.app.pack.labels, this.groupNames.length);
  }
  private firstPick(): void {
    const { view } = this.app;
    const first = this.medoids.find((point) => point >= 0) ?? densestMembers(this.positions, null, 1)[0];
    if (!(first >= 0)) return;
    view.set("picked", first);
    view.set("cursor", [this.positions[2 * first], this.positions[2 * first + 1]]);
  }
  private readLook(): void {
    this.look = { ink: token("--ink"), soft: token("--soft"), paper: token("--paper"), accent: token("--accent"), warn: token("--warn") };
  }

  private measure(): void {
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

  // The renderer

  private begin(first: boolean): void {
    const { pack } = this.app;
    const limit = first ? textureLimit() : 0;
    const useGl = limit > 0;
    this.atlas = Atlas.of(pack, useGl ? Math.min(limit, 4096) : 4096);
    const made = (useGl && makeGl(this.canvas, this.atlas)) || null;
    if (!made) {
      this.canvas.replaceWith((this.canvas = this.canvas.cloneNode() as HTMLCanvasElement));
      this.app.tell("This browser has no WebGL2 (or lost it): the map is drawn without the graphics card, which is slower.");
    }
    this.renderer = made ?? makePlain(this.canvas, this.atlas)!;
    this.host.dataset["renderer"] = made ? "webgl2" : "canvas";
    if (made) this.watch(this.canvas);
    this.renderer.setPositions(this.positions);
    if (this.atlas && !this.tiles) {
      const least = Math.sqrt((screen.width * screen.height) / this.atlas.capacity);
      this.tiles = new TileSet(this.grid, (point) => this.isShownImage(point), least);
    }
    this.setDots();
  }

  private watch(canvas: HTMLCanvasElement): void {
    let patience = 0;
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      patience = window.setTimeout(() => this.begin(false), 2000);
    });
    canvas.addEventListener("webglcontextrestored", () => {
      clearTimeout(patience);
      this.renderer = makeGl(canvas, this.atlas)!;
      this.renderer.setPositions(this.positions);
      this.setDots();
    });
  }
}

/** The side of the largest texture, 0 without WebGL2. Asked on another canvas: once asked for WebGL2, a
 * canvas gives no other context. */
function textureLimit(): number {
  const gl = document.createElement("canvas").getContext("webgl2");
  const limit = gl ? (gl.getParameter(gl.MAX_TEXTURE_SIZE) as number) : 0;
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return limit;
}

export function mountMap(app: App, host: HTMLElement): MapView {
  const map = new MapView(app, host);
  mountInput(app, map, host);
  return map;
}
