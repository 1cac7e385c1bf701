// The page: loads its blobs, makes the App and mounts every part.

import { mountColour } from "./colour_select";
import { mountDescription } from "./describe";
import { mountFacts } from "./facts";
import { byId } from "./dom";
import { mountFilter } from "./filter";
import { mountFragment, rememberFirst } from "./fragment";
import { mountKeys } from "./keys";
import { mountLegend } from "./legend";
import { documentRead, loadBlob, obstacle } from "./load";
import { mountLoupe } from "./loupe";
import { mountMap } from "./map/map";
import { mountNotes } from "./notes";
import { readPack } from "./pack";
import type { Pack } from "./pack";
import { mountAxes } from "./panels/axes";
import { mountCursor } from "./panels/cursor";
import { mountDraw } from "./panels/draw";
import { mountDrop } from "./panels/drop";
import { mountEpochs } from "./panels/epochs";
import { mountHelp } from "./panels/help";
import { mountLine } from "./panels/line";
import { mountPicked } from "./panels/picked";
import { mountPresent } from "./panels/present";
import { mountSelection } from "./panels/selection";
import { mountWorst } from "./panels/worst";
import { mountPicture } from "./picture";
import { startEngine } from "./remote_engine";
import { Tensors } from "./safetensors";
import { mountSearch } from "./search_box";
import { mountSheet } from "./sheet";
import { mountTabs } from "./tabs";
import { followSystem } from "./theme";
import { mountThemeButton } from "./theme_button";
import { mountTools } from "./tools";
import { Store } from "./view";
import type { App, View } from "./view";

async function main(): Promise<void> {
  await documentRead();
  const against = obstacle();
  if (against) throw new Error(against);
  const wasm = loadBlob("engine.wasm");
  wasm.catch(() => {}); // reported below, after the pack
  const bytes = await loadBlob("pack.safetensors", loading);
  if (!bytes) throw new Error("The pack is missing: this page has no data. Make it again with hourglass explore.");
  const pack = readPack(new Tensors(bytes));
  if (pack.count === 0) throw new Error("The pack holds no points: there is nothing to show.");
  const engine = await wasm;
  if (!engine) throw new Error("The engine is missing: this page was not built whole. Build hourglass again.");
  byId("loading-text").textContent = "Starting the engine…";
  const app: App = {
    pack,
    engine: await startEngine({
      wasm: engine,
      pack: bytes,
      model: await loadBlob("model.safetensors"),
      epochs: pack.facts.epochs,
      loadEpoch: (epoch) => loadBlob(`model_${epoch}.safetensors`),
    }),
    view: new Store(firstView(pack)),
    map: undefined!, // mountMap sets it
    tell,
  };
  Object.assign(window, { hourglass: app }); // for a look from the console, and for tests
  mountPage(app);
  await null; // the map is where the address says: it need not glide there
  byId("loading").remove();
  document.body.classList.add("ready");
}

function mountPage(app: App): void {
  mountFacts(app);
  mountFilter(app);
  const map = mountMap(app, byId("map"));
  app.map = map;
  rememberFirst(app);
  mountEpochs(app, byId("epochs")); // before those who ask the engine about the map shown
  mountTools(app, byId("tools"));
  mountColour(app, byId<HTMLSelectElement>("colour"));
  mountLegend(app, byId("legend"));
  mountSearch(app, byId<HTMLFormElement>("search-form"));
  mountTabs(app, byId("tabs"));
  mountCursor(app, byId("cursor-body"));
  mountPicked(app, byId("pane-picked"));
  mountLine(app, byId("strip"), byId("pane-line"));
  mountAxes(app, byId("pane-axes"));
  mountDraw(app, byId("pane-draw"));
  mountDrop(app, byId("pane-draw"));
  mountWorst(app, byId("pane-worst"));
  mountSelection(app, byId("pane-selection"));
  mountPresent(app, document.body);
  mountHelp(app, byId("help"));
  mountPicture(app, map, byId("picture"));
  mountThemeButton(byId("help"));
  mountNotes(app, byId("stage"));
  mountDescription(app, byId("map"));
  mountSheet(byId("panel"));
  mountLoupe(app, byId("map"));
  mountKeys(app);
  mountFragment(app);
}

function firstView(pack: Pack): View {
  return {
    camera: { x: 0, y: 0, scale: 1 },
    colour: pack.labels ? "label" : pack.error ? "error" : "",
    hidden: new Set(),
    search: "",
    shown: new Uint8Array(pack.count).fill(1),
    picked: -1,
    cursor: null,
    frozen: false,
    tool: "pan",
    tab: "picked",
    line: null,
    selection: null,
    map: pack.maps.length - 1,
    present: false,
    neighbours: null,
    blend: null,
    placed: null,
    path: null,
    moving: null,
    saved: [],
  };
}

function loading(share: number): void {
  byId<HTMLProgressElement>("loading-bar").value = share;
  byId("loading-text").textContent = `Opening… ${Math.round(100 * share)} %`;
}

let forget = 0;
function tell(text: string): void {
  const host = byId("tell");
  host.textContent = text;
  clearTimeout(forget);
  forget = window.setTimeout(() => (host.textContent = ""), 7000);
}

followSystem();
main().catch((why: unknown) => {
  const text = why instanceof Error ? why.message : String(why);
  console.error(why);
  byId("loading-bar")?.remove();
  const host = document.getElementById("loading-text");
  if (host) host.textContent = text.charAt(0).toUpperCase() + text.slice(1);
  else tell(text);
});
