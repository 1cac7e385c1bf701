// The bar of epochs under the map: its maps one after the other, the points moving between them.

import { calmMotion, el } from "../dom";
import type { App } from "../view";
import { between, ease } from "./motion";
import { setOff } from "./widgets";

const kMove = 700; // milliseconds from one map to the next
const kRest = 350; // and at each map while playing

export function mountEpochs(app: App, host: HTMLElement): void {
  const { pack, view, engine } = app;
  const { epochs } = pack.facts;
  host.hidden = pack.maps.length < 2;
  if (host.hidden) return;
  const last = pack.maps.length - 1;
  const step = (text: string, label: string, by: number) =>
    el("button", { type: "button", title: label, "aria-label": label, onclick: () => (stop(), move(goal + by)) }, text);
  const back = step("‹", "The epoch before", -1);
  const next = step("›", "The next epoch", 1);
  const slider = el("input", { type: "range", min: "0", max: String(last), step: "1", "aria-label": "Epoch" });
  const play = el("button", { type: "button", className: "play" });
  const number = el("output");
  const decoder = el("span", { className: "note" });
  host.replaceChildren(el("span", {}, "epochs"), play, back, slider, next, number, decoder);

  let goal = view.get("map"); // the map that is shown, or that the points move to
  let shown = -1; // the engine's map
  let playing = false;
  let moves = false; // whether points are on the way to `goal`
  let ways = 0; // begun
  let rest = 0;

  const say = () => {
    const name = String(epochs[goal] ?? goal + 1);
    slider.value = String(goal);
    slider.setAttribute("aria-valuetext", `epoch ${name}, ${goal + 1} of ${last + 1}`);
    number.textContent = `epoch ${name} of ${epochs[last] ?? last + 1}`;
    setOff(back, goal === 0);
    setOff(next, goal === last);
    play.textContent = playing ? "❚❚" : "▶";
    play.setAttribute("aria-label", playing ? "Pause" : "Play the epochs");
    play.title = play.getAttribute("aria-label")!;
  };

  /** The engine comes first, so that all who hear of the new map ask it about that one. */
  const show = async (map: number) => {
    if (map === shown) return;
    shown = map;
    try {
      const has = await engine.show(map);
      if (map !== shown || !engine.canDecode) return;
      decoder.textContent = has ? "images by this epoch's decoder" : "images by the last epoch's decoder: this epoch's is not in the page";
      decoder.classList.toggle("warn", !has);
    } catch (error) {
      app.tell((error as Error).message);
    }
  };

  const arrive = async () => {
    const way = ++ways;
    await show(goal);
    if (way !== ways) return; // on the way to another map by now
    moves = false;
    view.set("moving", null);
    view.set("map", goal);
    if (!playing) return;
    if (goal === last) return stop();
    rest = window.setTimeout(() => move(goal + 1), kRest);
  };

  const move = (to: number) => {
    const from = (view.get("moving") ?? pack.maps[view.get("map")]).slice(); // the frames write into what moves
    goal = Math.max(0, Math.min(last, to));
    moves = true;
    const way = ++ways;
    clearTimeout(rest);
    say();
    if (calmMotion()) return void arrive();
    const buffers = [new Float32Array(from.length), new Float32Array(from.length)]; // two: each frame is a new value
    let begin = 0;
    const draw = (now: number) => {
      if (way !== ways) return;
      begin ||= now;
      const share = (now - begin) / kMove;
      if (share >= 1) return void arrive();
      buffers.reverse();
      between(from, pack.maps[goal], ease(share), buffers[0]);
      view.set("moving", buffers[0]);
      requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
  };

  const stop = () => {
    playing = false;
    clearTimeout(rest);
    say();
  };

  slider.oninput = () => {
    const to = Number(slider.value); // stop() sets the slider back
    stop();
    move(to);
  };
  play.onclick = () => {
    if (playing) return stop();
    playing = true;
    move(goal === last ? 0 : goal + 1);
  };

  view.on(["map"], async () => {
    const map = view.get("map");
    if (!moves) goal = map;
    say();
    if (map === shown) return;
    await show(map); // the address changed the map
    const cursor = view.get("cursor");
    if (cursor) view.set("cursor", [cursor[0], cursor[1]]); // decoded again
  });
}
