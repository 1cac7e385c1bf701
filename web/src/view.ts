// What the page shows now, and who wants to know when it changes. Panels talk to each other through
// this and in no other way.

import type { Engine } from "./engine";
import type { Pack } from "./pack";

export interface Camera {
  x: number; // the centre, in units of the map
  y: number;
  scale: number; // CSS pixels of a unit
}

export type Tool = "pan" | "lasso" | "line";
export type Tab = "picked" | "line" | "axes" | "draw" | "worst" | "selection";

/** Lines and rings on the map around the picked point. */
export interface NeighbourMarks {
  near: number[]; // latent neighbours that are also near on the map: solid lines
  far: number[]; // latent neighbours that are far on the map: dashed lines
  mapOnly: number[]; // near on the map alone: hollow rings
}

export interface View {
  camera: Camera;
  colour: string; // "label", "error", "trustworthiness", "continuity", "overlap", "split", "column:NAME"
  hidden: ReadonlySet<number>; // classes that the legend switched off
  search: string;
  shown: Uint8Array; // [count], 1: passes search and legend; the others stay in grey
  picked: number; // a point, or -1
  cursor: readonly [number, number] | null; // the position whose image is decoded, on the map
  frozen: boolean; // the cursor's position stays
  tool: Tool;
  tab: Tab;
  line: readonly [number, number] | null; // the points at its ends
  selection: Int32Array | null; // points, ascending
  map: number; // an index of Pack.maps
  present: boolean;
  // Marks on the map, each set by the panel it belongs to.
  neighbours: NeighbourMarks | null;
  blend: { points: Int32Array; weights: Float32Array } | null;
  placed: readonly [number, number] | null; // of a drawing or a dropped image: it pulses
  path: Float32Array | null; // positions [n, 2] of the line's steps
  moving: Float32Array | null; // positions [count, 2] in the place of the map's, while points move between two maps
  saved: readonly string[]; // fragments of saved views, for presenting
}

export class Store<T extends object> {
  private readonly listeners: { keys: ReadonlyArray<keyof T>; call: () => void }[] = [];
  private readonly changed = new Set<keyof T>();
  private due = false;

  constructor(private readonly values: T) {}

  get<K extends keyof T>(key: K): T[K] {
    return this.values[key];
  }
  /** Listeners are called once, after the code that runs now, however many keys it sets. */
  set<K extends keyof T>(key: K, value: T[K]): void {
    if (this.values[key] === value) return;
    this.values[key] = value;
    this.changed.add(key);
    if (this.due) return;
    this.due = true;
    queueMicrotask(() => this.tell());
  }
  /** Calls now, and after each change of one of these keys. */
  on(keys: ReadonlyArray<keyof T>, call: () => void): void {
    this.listeners.push({ keys, call });
    call();
  }

  private tell(): void {
    this.due = false;
    const changed = new Set(this.changed);
    this.changed.clear();
    for (const { keys, call } of this.listeners) {
      if (keys.some((key) => changed.has(key))) call();
    }
  }
}

/** What the panels may ask of the map beyond the view. */
export interface MapControl {
  /** Shows all of the map, or these points, with room around them. */
  fit(points?: ArrayLike<number>): void;
  /** The camera that shows all of the map shown. */
  whole(): Camera;
  /** Goes to a place, with a zoom in shares of the scale that shows all; null shows all. */
  show(place: { x: number; y: number; zoom: number } | null): void;
  /** Moves a point into sight if it is not. */
  reveal(point: number): void;
  /** CSS pixels from the map's top left corner, and back. */
  toScreen(x: number, y: number): [number, number];
  toMap(left: number, top: number): [number, number];
  /** The point that is drawn nearest to a position, within so many CSS pixels, or -1. */
  nearest(x: number, y: number, within?: number): number;
  /** The arrow keys while a point is picked: a panel moves to a neighbour in the direction (screen:
   * y down) and returns whether it did. */
  step: ((dx: number, dy: number) => boolean) | null;
  /** A finger that rests on the map and moves the cursor: CSS pixels in the map, null when it is lifted. */
  onHold: ((at: readonly [number, number] | null) => void) | null;
}

/** What every panel gets. */
export interface App {
  pack: Pack;
  engine: Engine;
  view: Store<View>;
  map: MapControl;
  /** One sentence at the foot of the page, for a person and for a screen reader. */
  tell(text: string): void;
}
