// The bar of epochs under the map: its maps one after the other, the points moving between them.

import { calmMotion, el } from "../dom";
import type { App } from "../view";
import { between, ease } from "./motion";

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
  let playing = false;
  let frame = 0;
  let rest = 0;

  const say = () => {
    const name = String(epochs[goal] ?? goal + 1);
    slider.value = String(goal);
    slider.setAttribute("aria-valuetext", `epoch ${name}, ${goal + 1} of ${last + 1}`);
    number.textContent = `epoch ${name} of ${epochs[last] ?? last + 1}`;
    back.disabled = goal === 0;
    next.disabled = goal === last;
    play.textContent = playing ? "❚❚" : "▶";
    play.setAttribute("aria-label", playing ? "Pause" : "Play the epochs");
    play.title = play.getAttribute("aria-label")!;
  };

  const arrive = () => {
    frame = 0;
    view.set("moving", null);
    view.set("map", goal);
    if (!playing) return;
    if (goal === last) return stop();
    rest = window.setTimeout(() => move(goal + 1), kRest);
  };

  const move = (to: number) => {
    const before = view.get("moving") ?? pack.maps[view.get("map")];
    goal = Math.max(0, Math.min(last, to));
    cancelAnimationFrame(frame);
    clearTimeout(rest);
    say();
    if (calmMotion()) return arrive();
    const from = before.slice(); // the next frames write into the buffers that `before` may be
    const buffers = [new Float32Array(from.length), new Float32Array(from.length)]; // two: each frame is a new value
    let begin = 0;
    const draw = (now: number) => {
      begin ||= now;
      const share = (now - begin) / kMove;
      if (share >= 1) return arrive();
      buffers.reverse();
      between(from, pack.maps[goal], ease(share), buffers[0]);
      view.set("moving", buffers[0]);
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
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

  let asked = 0;
  view.on(["map"], () => {
    if (!frame) goal = view.get("map");
    say();
    const ask = ++asked;
    engine.show(view.get("map")).then(
      (has) => {
        if (ask !== asked) return; // another map is shown by now
        decoder.textContent = !engine.canDecode ? "" : has ? "images by this epoch's decoder" : "images by the last epoch's decoder: this epoch's is not in the page";
        decoder.classList.toggle("warn", engine.canDecode && !has);
        const cursor = view.get("cursor");
        if (cursor) view.set("cursor", [cursor[0], cursor[1]]); // decoded again
      },
      (error: Error) => app.tell(error.message),
    );
  });
}
