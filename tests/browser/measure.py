#!/usr/bin/env python3
"""Measures the explorer's page in Chromium: the table of docs/performance.md, "The page".

  HOURGLASS_PROGRAM=build/release/hourglass tests/browser/measure.py [--data_dir DIR] [--work DIR] [--only WORD,...]

Trains AE on MNIST for one epoch (latent dimension 32) in the work folder, writes the pages of its 10,000 test images and of
all 70,000, and opens them with software rendering at 1280 x 800. DIR as for hourglass: left out, $HOURGLASS_DATA_DIR.
regl-scatterplot is drawn in the same run if --regl names it as one script, made outside the checkout by
  npm install regl-scatterplot pub-sub-es regl
  esbuild node_modules/regl-scatterplot/dist/regl-scatterplot.esm.js --bundle --format=iife --global-name=createScatterplot
Prints one line for each figure: name, value, bar. Nothing else may run meanwhile.
"""
import case

case.need()

import argparse  # noqa: E402
import gzip  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import pathlib  # noqa: E402
import statistics  # noqa: E402
import time  # noqa: E402

import numpy as np  # noqa: E402

import page  # noqa: E402
import pages  # noqa: E402
from browser import Browser  # noqa: E402

UNBOUND = ["--disable-frame-rate-limit", "--disable-gpu-vsync"]

READY = """
window.times = {};
addEventListener("DOMContentLoaded", () => new MutationObserver((_, o) => {
  if (document.body.classList.contains("ready")) {
    o.disconnect();
    times.ready = performance.now();
    requestAnimationFrame(() => setTimeout(() => (times.shown = performance.now())));
  }
}).observe(document.body, { attributes: true }));
// When a canvas of a panel was last drawn on.
for (const name of ["putImageData", "drawImage"]) {
  const call = CanvasRenderingContext2D.prototype[name];
  CanvasRenderingContext2D.prototype[name] = function (...all) {
    if (this.canvas.closest("#cursor")) window.drawn?.();
    return call.apply(this, all);
  };
}"""

# The time from each event of a kind to the frame after what it causes was done.
LATENCY = """
window.after = (type, target, hook) => {
  window.latencies = [];
  window.computed = []; // until the page has done its part
  let begun = null;
  document.querySelector(target).addEventListener(type, (e) => { begun ??= e.timeStamp; }, { capture: true });
  const done = () => {
    if (begun === null) return;
    const from = begun;
    begun = null;
    computed.push(performance.now() - from);
    requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => latencies.push(performance.now() - from); c.port2.postMessage(0); });
  };
  hook(done);
};"""

FRAMES = """
(async () => {
  const { view } = hourglass, first = view.get("camera");
  const frame = () => new Promise(requestAnimationFrame);
  const spent = [];
  for (let i = 0; i < %d; ++i) {
    const begin = performance.now();
    view.set("camera", { x: first.x + 0.2 * Math.sin(i), y: first.y, scale: first.scale * %f * (1 + 0.05 * Math.sin(i / 3)) });
    await frame();
    const gl = document.querySelector("#points").getContext("webgl2");
    if (gl) gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4)); // until the frame is drawn
    spent.push(performance.now() - begin);
  }
  view.set("camera", first);
  return spent.slice(5);
})()"""

REGL = """
(async () => {
  const canvas = document.querySelector("canvas"), { width, height } = { width: 1280, height: 800 };
  const create = window.createScatterplot.default ?? window.createScatterplot;
  const plot = create({ canvas, width, height, pointSize: 3, colorBy: "valueA", pointColor: %s });
  const positions = %s;
  await plot.draw(positions);
  const gl = canvas.getContext("webgl") ?? canvas.getContext("webgl2") ?? plot.get("regl")._gl;
  const spent = [];
  for (let i = 0; i < %d; ++i) {
    const begin = performance.now();
    await plot.view(Float32Array.of(1 + 0.05 * Math.sin(i / 3), 0, 0, 0, 0, 1 + 0.05 * Math.sin(i / 3), 0, 0, 0, 0, 1, 0, 0.02 * Math.sin(i), 0, 0, 1), { preventEvent: true });
    await new Promise(requestAnimationFrame);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    spent.push(performance.now() - begin);
  }
  return spent.slice(5);
})()"""


def percentile(values, share):
    return float(np.percentile(values, share))


def say(name, value, bar=""):
    print(f"{name:58} {value:>22}   {bar}", flush=True)


def say_latency(what, where, done, found, browser, bar):
    say(f"{what} {where}, 95th percentile of {len(found)}", f"{percentile(found, 95):.1f} ms", bar)
    say(f"{what} {where}, median", f"{percentile(found, 50):.1f} ms")
    say(f"{what} {done}, median", f"{percentile(browser.js('computed'), 50):.1f} ms")


class Measure:
    def __init__(self, arguments):
        self.arguments = arguments
        self.work = pathlib.Path(arguments.work).resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.data = ["--data_dir", os.path.abspath(arguments.data_dir)] if arguments.data_dir else []
        if not (self.work / "models/AE/mnist_32.safetensors").exists():
            pages.program("train", "--dataset", "mnist", "--latent_dim", 32, "--epochs", 1, "--recipe", "fast", "--quiet", *self.data,
                          cwd=self.work)

    def file(self, name, *flags):
        path = self.work / f"{name}.html"
        if not path.exists() or path.stat().st_mtime < os.stat(os.environ["HOURGLASS_PROGRAM"]).st_mtime:
            begin = time.monotonic()
            path.unlink(missing_ok=True)
            pages.program("explore", "mnist_32", "-o", path, *flags, *self.data, cwd=self.work)
            say(f"explore -o {path.name}", f"{time.monotonic() - begin:.1f} s")
        return path

    def small(self):
        return self.file("test")

    def large(self):
        return self.file("all", "--split", "train,test")

    def opened(self, path, flags=()):
        browser = Browser(flags=flags)
        browser.open(path if isinstance(path, str) else path.as_uri(), READY + LATENCY)
        browser.wait("window.times?.shown", "the page is ready", 120)
        return browser

    # Each part prints its lines.

    def code(self):
        sizes = json.loads((pathlib.Path(os.environ["HOURGLASS_PROGRAM"]).parent / "page/sizes.json").read_text())
        for key, name, bar in (("engine_gz", "engine.wasm", "280 KB"), ("code_gz", "page's script and style", "40 KB"),
                               ("worker_gz", "worker's script", "")):
            say(f"{name}, gzipped", f"{sizes[key] / 1000:.1f} KB", bar)

    def opening(self):
        for path, size, seconds in ((self.small(), 5, 1.5), (self.large(), 24, 4)):
            say(f"{path.name}, size", f"{path.stat().st_size / 1e6:.2f} MB", f"{size} MB")
            times = []
            for _ in range(5):
                browser = self.opened(path)
                times.append(browser.js("times.shown") / 1000)
                asked = browser.elsewhere()
                browser.close()
                assert not asked, asked
            say(f"{path.name}, opened", f"{statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f})", f"{seconds} s")

    def engine(self):
        browser = self.opened(self.small())
        script = """(async () => {
          const { engine, pack } = hourglass, d = pack.facts.latent_dim, one = [], spent = [];
          const map = pack.maps[pack.maps.length - 1];
          const call = (i) => %s;
          for (let i = 0; i < 60; ++i) await call(i);
          for (let i = 0; i < 400; ++i) { const b = performance.now(); await call(i); one.push(performance.now() - b); }
          for (let r = 0; r < 9; ++r) {
            const b = performance.now(), all = [];
            for (let i = 0; i < 100; ++i) all.push(call(i));
            await Promise.all(all);
            spent.push((performance.now() - b) / 100);
          }
          spent.sort((a, b) => a - b); one.sort((a, b) => a - b);
          return [spent[4], one[200]];
        })()"""
        for name, call, bar in (
                ("latent vector to image", "engine.decode(pack.latents.slice(i * d, i * d + d))", "0.5 ms"),
                ("position of the map to image", "engine.at(map[2 * i], map[2 * i + 1])", "0.6 ms"),
                ("image to latent vector", "engine.encode(Float32Array.from(pack.images.slice(i * 784, i * 784 + 784), (v) => v / 255))", "")):
            each, alone = browser.js(script % call)
            say(f"{name}, asked and answered, median", f"{alone:.3f} ms", bar)
            if "at(" not in call:  # of positions only the newest is answered
                say(f"{name}, of 100 asked at once", f"{each:.3f} ms")
        browser.close()

    def cursor(self):
        browser = self.opened(self.large(), UNBOUND)  # no waiting for a screen's next refresh
        x, y, w, h = browser.js("(r => [r.x, r.y, r.width, r.height])(document.querySelector('#map').getBoundingClientRect())")
        browser.js("after('pointermove', '#map', (done) => { window.drawn = done; })")
        angles = np.linspace(0, 12 * np.pi, 240)
        for i, angle in enumerate(angles):
            r = 0.05 + 0.3 * i / len(angles)
            browser.move(x + w / 2 + r * w * np.cos(angle), y + h / 2 + r * h * np.sin(angle))
            time.sleep(0.03)
        found = browser.js("latencies")[10:]
        say_latency("cursor to image", "on the screen", "drawn", found, browser, "16 ms")
        browser.close()

    def stroke(self):
        browser = self.opened(self.small(), UNBOUND)
        browser.key("d")
        browser.frame(5)
        canvas = "#pane-draw canvas"
        x, y, w, h = browser.js(f"(r => [r.x, r.y, r.width, r.height])(document.querySelector('{canvas}').getBoundingClientRect())")
        browser.js(f"after('pointermove', '{canvas}', (done) => hourglass.view.on(['placed'], done))")
        for turn in range(4):
            browser.move(x + w * 0.3, y + h * 0.2)
            browser.mouse("mousePressed", x + w * 0.3, y + h * 0.2, "left", 1, clickCount=1)
            for i in range(60):
                t = i / 60
                browser.mouse("mouseMoved", x + w * (0.3 + 0.4 * t), y + h * (0.2 + 0.6 * t * t), "left", 1)
                time.sleep(0.03)
            browser.mouse("mouseReleased", x + w * 0.7, y + h * 0.8, "left", 0, clickCount=1)
        found = browser.js("latencies")[10:]
        say_latency("stroke to position", "on the map", "known", found, browser, "30 ms")
        browser.close()

    def frames(self):
        browser = self.opened(self.large(), UNBOUND)
        ours = {}
        for name, zoom in (("far out", 1.0), ("zoom 4", 4.0), ("zoom 20", 20.0)):
            spent = browser.js(FRAMES % (60, zoom))
            ours[name] = statistics.median(spent)
            say(f"frame, 70,000 points and images, {name}", f"{ours[name]:.1f} ms (95 %: {percentile(spent, 95):.1f})", "30 ms")
        positions = browser.js("""(() => { const m = hourglass.pack.maps[hourglass.pack.maps.length - 1], l = hourglass.pack.labels;
          let s = 0; for (const v of m) s = Math.max(s, Math.abs(v));
          return Array.from(l, (c, i) => [+(m[2 * i] / s).toFixed(4), +(m[2 * i + 1] / s).toFixed(4), c]); })()""")
        browser.close()
        if self.arguments.regl:
            browser = Browser(flags=UNBOUND)
            browser.open("data:text/html,<canvas width=1280 height=800 style='width:1280px;height:800px'></canvas>")
            browser.js(pathlib.Path(self.arguments.regl).read_text() + "\n;0")
            colours = json.dumps([f"#{v:06x}" for v in range(0x3f90da, 0x3f90da + 10 * 0x3333, 0x3333)])
            spent = browser.js(REGL % (colours, json.dumps(positions), 60))
            regl = statistics.median(spent)
            browser.close()
            say("frame, regl-scatterplot, points alone, same run", f"{regl:.1f} ms")
            say("ratio, far out", f"{ours['far out'] / regl:.2f}", "0.6")

    def search(self):
        browser = self.opened(self.large())
        for space in ("latent", "pixel"):
            spent = browser.js("""(async () => { const all = []; for (let i = 0; i < 40; ++i) { const b = performance.now();
              await hourglass.engine.near("%s", i * 97, 10); all.push(performance.now() - b); } return all; })()""" % space)
            say(f"10 true neighbours among 70,000, {space}", f"{statistics.median(spent[1:]):.1f} ms", "50 ms")
        browser.key("l")
        x, y, w, h = browser.js("(r => [r.x, r.y, r.width, r.height])(document.querySelector('#map').getBoundingClientRect())")
        browser.js("""(() => { const { view } = hourglass, set = view.set;
          window.spent = []; window.panel = []; window.up = 0;
          addEventListener("pointerup", () => (up = performance.now()), { capture: true });
          view.set = function (key, value) { if (key === "selection") spent.push(performance.now() - up); return set.call(this, key, value); };
          view.on(["selection"], () => up && panel.push(performance.now() - up)); })()""")
        angles = np.linspace(0, 2 * np.pi, 120)
        for turn in range(5):
            browser.drag([(x + w / 2 + w * (0.3 + 0.01 * turn) * np.cos(a), y + h / 2 + h * 0.3 * np.sin(a)) for a in angles])
            browser.frame(4)
        count = browser.js("hourglass.view.get('selection').length")
        say(f"lasso over 70,000, {count:,} inside", f"{statistics.median(browser.js('spent')):.1f} ms", "20 ms")
        say("lasso, with the panel of the selection", f"{statistics.median(browser.js('panel')):.1f} ms")
        browser.close()

    def memory(self):
        browser = self.opened(self.large())
        time.sleep(2)
        found = {}
        for process in pathlib.Path("/proc").iterdir():
            try:
                line = (process / "cmdline").read_bytes().decode("latin-1")
                if str(browser.folder) not in line and not self.under(process.name, browser):
                    continue
                kind = next((k for k in ("renderer", "gpu-process") if f"--type={k}" in line), None)
                if kind:
                    text = (process / "smaps_rollup").read_text()
                    pss = int(next(l for l in text.splitlines() if l.startswith("Pss:")).split()[1]) / 1000
                    found.setdefault(kind, []).append(pss)
            except (OSError, StopIteration):
                continue
        say("memory of the tab, 70,000 images (PSS)", f"{max(found['renderer']):.0f} MB", "350 MB")
        say("memory of the GPU's process beside it", f"{sum(found.get('gpu-process', [0])):.0f} MB")
        browser.close()
        with page.Explore("mnist_32", "--split", "train,test", *self.data, cwd=self.work) as served:
            browser = self.opened(served.address)
            status = pathlib.Path(f"/proc/{served.process.pid}/status").read_text()
            value = lambda key: int(next(l for l in status.splitlines() if l.startswith(key)).split()[1]) / 1000
            say("memory of explore, 70,000 images: now", f"{value('VmRSS'):.0f} MB", "300 MB")
            say("memory of explore, 70,000 images: most", f"{value('VmHWM'):.0f} MB")
            browser.close()

    def under(self, pid, browser):
        """Whether a process descends from this browser's driver."""
        root = str(browser.driver.service.process.pid)
        while pid not in ("0", "1"):
            if pid == root:
                return True
            pid = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1]
        return False

    def start(self):
        for what in ("first time", "again"):
            if what == "first time":
                for kept in self.work.rglob("*explore*"):
                    if kept.is_file() and kept.suffix != ".html":
                        kept.unlink()
            browser = Browser()
            begin = time.monotonic()
            with page.Explore("mnist_32", *self.data, cwd=self.work) as served:
                address = time.monotonic() - begin
                browser.open(served.address, READY + LATENCY)
                browser.wait("window.times?.shown", "the page is ready", 60)
                say(f"explore mnist_32 to a page that answers, {what}", f"{time.monotonic() - begin:.1f} s (address {address:.1f})", "4 s")
            browser.close()


PARTS = ("code", "opening", "engine", "cursor", "stroke", "frames", "search", "memory", "start")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data_dir", default=os.environ.get("HOURGLASS_DATA_DIR"))
    parser.add_argument("--work", default=str(pathlib.Path(os.environ["HOURGLASS_PROGRAM"]).parent / "measure"))
    parser.add_argument("--only", default=",".join(PARTS), help=", ".join(PARTS))
    parser.add_argument("--regl", help="regl-scatterplot as one script")
    arguments = parser.parse_args()
    measure = Measure(arguments)
    for part in arguments.only.split(","):
        getattr(measure, part)()


main()
