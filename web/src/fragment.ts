// The view in the URL's fragment, so that an address can be kept and sent. What is as at first is left
// out. The zoom is in shares of the scale that shows the whole map: it means the same in any window.

import type { App, Camera, Tab, View } from "./view";

const kTabs: readonly Tab[] = ["picked", "line", "axes", "draw", "worst", "selection"];
const kPause = 250; // ms without a change before the address follows

/** What a fragment says; what is undefined is as at first. */
export interface Words {
  camera?: { x: number; y: number; zoom: number };
  colour?: string;
  picked?: number;
  search?: string;
  hidden?: number[];
  tab?: Tab;
  map?: number;
  line?: [number, number];
  saved?: string[];
}

export function writeWords(words: Words): string {
  const { camera } = words;
  const parts: [string, string | number | undefined][] = [
    ["at", camera && cameraText(camera)],
    ["colour", words.colour],
    ["pick", words.picked],
    ["search", words.search],
    ["hide", words.hidden?.join()],
    ["tab", words.tab],
    ["map", words.map],
    ["line", words.line?.join()],
    ["saved", words.saved && words.saved.length > 0 ? words.saved.map(encodeURIComponent).join("|") : undefined],
  ];
  return parts.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${encode(String(value))}`])).join("&");
}

/** Digits for a tenth of a CSS pixel in a window of 1,000. */
function cameraText({ x, y, zoom }: { x: number; y: number; zoom: number }): string {
  return [x.toPrecision(7), y.toPrecision(7), zoom.toPrecision(5)].map(Number).join();
}

/** encodeURIComponent without what a fragment may hold: "label:7,2" stays readable. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/%(2C|3A|3C|3E|20)/g, (code) => (code === "%20" ? "+" : decodeURIComponent(code)));
}

/** Leaves out what is not understood: an address is often cut off or edited. */
export function readWords(text: string): Words {
  const fields = new URLSearchParams(text.replace(/^#/, ""));
  const words: Words = {};
  const numbers = (key: string, least: number) => {
    const list = fields.get(key)?.split(",").map(Number);
    return list && list.length >= least && list.every(Number.isFinite) ? list : undefined;
  };
  const at = numbers("at", 3);
  if (at && at[2] > 0) words.camera = { x: at[0], y: at[1], zoom: at[2] };
  words.colour = fields.get("colour") ?? undefined;
  words.picked = numbers("pick", 1)?.[0];
  words.search = fields.get("search") ?? undefined;
  words.hidden = fields.get("hide") ? numbers("hide", 1) : undefined;
  words.tab = kTabs.find((tab) => tab === fields.get("tab"));
  words.map = numbers("map", 1)?.[0];
  const line = numbers("line", 2);
  if (line) words.line = [line[0], line[1]];
  words.saved = fields.get("saved")?.split("|").map(decoded);
  return words;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

let first: Pick<View, "colour" | "picked" | "tab" | "map">; // of this page

/** The view without the saved ones. */
export function fragmentOf({ view, map }: App): string {
  const changed = <K extends keyof typeof first>(key: K) => (view.get(key) === first[key] ? undefined : view.get(key));
  const { x, y, scale } = view.get("camera");
  const whole = map.whole();
  const hidden = [...view.get("hidden")];
  return writeWords({
    camera: sameView(view.get("camera"), whole) ? undefined : { x, y, zoom: scale / whole.scale },
    colour: changed("colour"),
    picked: changed("picked"),
    search: view.get("search") || undefined,
    hidden: hidden.length > 0 ? hidden.sort((a, b) => a - b) : undefined,
    tab: changed("tab"),
    map: changed("map"),
    line: (view.get("line") as [number, number] | null) ?? undefined,
  });
}

function sameView(a: Camera, b: Camera): boolean {
  return Math.abs(a.scale / b.scale - 1) < 1e-4 && Math.abs(a.x - b.x) * a.scale < 0.1 && Math.abs(a.y - b.y) * a.scale < 0.1;
}

/** Shows what a fragment says; saved views only if it has any. */
export function applyFragment({ view, map, pack }: App, text: string): void {
  const words = readWords(text);
  const point = (value: number | undefined) => value !== undefined && Number.isInteger(value) && value < pack.count;
  const shown = words.map !== undefined && words.map in pack.maps ? words.map : first.map;
  if (shown !== view.get("map")) view.set("map", shown);
  view.set("colour", words.colour ?? first.colour);
  view.set("picked", point(words.picked) ? Math.max(-1, words.picked!) : first.picked);
  view.set("search", words.search ?? "");
  view.set("hidden", new Set(words.hidden ?? []));
  view.set("tab", words.tab ?? first.tab);
  view.set("line", words.line && words.line.every((end) => point(end) && end >= 0) ? words.line : null);
  if (words.saved) view.set("saved", words.saved.filter(Boolean));
  // After the legend and the strip have changed the room that the map has.
  queueMicrotask(() => map.show(words.camera ?? null));
}

/** Remembers the page's first view, which an empty fragment means. */
export function rememberFirst({ view }: App): void {
  first = { colour: view.get("colour"), picked: view.get("picked"), tab: view.get("tab"), map: view.get("map") };
}

/** Shows what the address says, and keeps the address true from then on. */
export function mountFragment(app: App): void {
  const { view } = app;
  if (location.hash.length > 1) applyFragment(app, location.hash);
  let written = location.hash;
  let due = 0;
  const write = () => {
    const saved = writeWords({ saved: [...view.get("saved")] });
    const text = [fragmentOf(app), saved].filter(Boolean).join("&");
    written = text ? `#${text}` : "";
    if (written === location.hash) return;
    try {
      history.replaceState(history.state, "", written || location.pathname + location.search);
    } catch {
      // A page without an address of its own (a sandbox): nothing to keep.
    }
  };
  view.on(["camera", "colour", "picked", "search", "hidden", "tab", "map", "line", "saved"], () => {
    clearTimeout(due);
    due = window.setTimeout(write, kPause);
  });
  addEventListener("hashchange", () => {
    if (location.hash !== written) applyFragment(app, location.hash);
  });
}
