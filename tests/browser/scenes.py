#!/usr/bin/env python3
"""Makes the film of the page and the pictures of docs/explore.md: called by script/film.

  HOURGLASS_PROGRAM=... tests/browser/scenes.py CHECKPOINT_FOLDER NAME OUT [--data_dir DIR] [--only film|pictures]

The page of the run NAME in CHECKPOINT_FOLDER is opened in Chromium and led through its functions. OUT/explore.webp is the
film; OUT/explore-NAME.png the pictures.
"""
import case

case.need()

import argparse  # noqa: E402
import io  # noqa: E402
import math  # noqa: E402
import os  # noqa: E402
import pathlib  # noqa: E402
import tempfile  # noqa: E402

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

import pages  # noqa: E402
from browser import PHONE, Browser  # noqa: E402
from pack import Pack  # noqa: E402

FILM = (960, 600)
FPS = 10


class Scenes:
    def __init__(self, browser, path):
        self.browser = browser
        self.pack = Pack.of(path)
        self.address = path.as_uri()
        self.frames = []

    def open(self, size, fragment="", **more):
        self.browser.resize(size, **more)
        self.browser.open(self.address + fragment)
        self.browser.wait("document.body && document.body.classList.contains('ready')", "the page", 60)
        self.settle()

    def settle(self, milliseconds=700):
        self.browser.js(f"new Promise((done) => setTimeout(done, {milliseconds}))")

    def set(self, key, value):
        import json
        self.browser.js(f"(hourglass.view.set({json.dumps(key)}, {json.dumps(value)}), 0)")

    def camera(self):
        return self.browser.js("(({ x, y, scale }) => [x, y, scale])(hourglass.view.get('camera'))")

    def screen(self, position):
        return self.browser.js(f"""(() => {{ const r = document.querySelector('#map').getBoundingClientRect(),
          [x, y] = hourglass.map.toScreen({float(position[0])}, {float(position[1])}); return [r.x + x, r.y + y]; }})()""")

    def middle(self, label):
        """The point of a class that lies nearest to the median of its class on the map."""
        points = np.flatnonzero(self.pack.labels == label)
        positions = self.pack.map()[points]
        return int(points[np.argmin(((positions - np.median(positions, axis=0)) ** 2).sum(axis=1))])

    # The film

    def frame(self, count=1):
        self.browser.frame(2)
        self.frames += [self.browser.picture()] * count

    def glide(self, to, count):
        begin = self.camera()
        for i in range(1, count + 1):
            t = (1 - math.cos(math.pi * i / count)) / 2
            scale = begin[2] * (to[2] / begin[2]) ** t
            way = (1 / begin[2] - 1 / scale) / (1 / begin[2] - 1 / to[2]) if to[2] != begin[2] else t
            self.set("camera", {"x": begin[0] + way * (to[0] - begin[0]), "y": begin[1] + way * (to[1] - begin[1]), "scale": scale})
            self.frame()

    def film(self, out):
        self.open(FILM)
        whole = self.camera()
        a, b = self.middle(3), self.middle(8)
        self.frame(8)
        # The cursor decodes what lies under it.
        start, end = self.screen(self.pack.map()[self.middle(0)]), self.screen(self.pack.map()[a])
        for i in range(16):
            t = i / 15
            self.browser.move(start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1]))
            self.settle(60)
            self.frame()
        # From dots to images.
        x, y = (float(v) for v in self.pack.map()[a])
        self.glide((x, y, 14 * whole[2]), 18)
        self.frame(5)
        # Picked, and its neighbours.
        self.browser.click(*self.screen(self.pack.map()[a]))
        self.settle()
        self.frame(12)
        # The line between two points.
        self.glide(whole, 10)
        self.set("tab", "line")
        self.set("line", [a, b])
        self.settle(1200)
        self.frame(14)
        # Draw.
        self.set("tab", "draw")
        self.settle(300)
        self.draw_three(self.frame)
        self.frame(16)
        pictures = [Image.open(io.BytesIO(content)).convert("RGB").resize((FILM[0] * 5 // 6, FILM[1] * 5 // 6), Image.LANCZOS)
                    for content in self.frames]
        # Frames that are the same become one that stays longer.
        kept, durations = [], []
        for content, picture in zip(self.frames, pictures):
            if kept and content is last:
                durations[-1] += 1000 // FPS
                continue
            kept.append(picture)
            durations.append(1000 // FPS)
            last = content
        for quality in (70, 60, 50, 40, 30):
            kept[0].save(out / "explore.webp", save_all=True, append_images=kept[1:], duration=durations, loop=0, quality=quality,
                         method=6)
            if (out / "explore.webp").stat().st_size < 1_000_000:
                break
        print(f"{out / 'explore.webp'}: {len(kept)} frames, {(out / 'explore.webp').stat().st_size / 1000:.0f} KB, quality {quality}")

    def draw_three(self, seen=lambda: None):
        """A three, as one draws it; calls `seen` now and then."""
        x, y, w, h = self.browser.js("(r => [r.x, r.y, r.width, r.height])(document.querySelector('#pane-draw canvas').getBoundingClientRect())")
        stroke = [(0.45 - 0.17 * math.cos(s), 0.32 - 0.14 * math.sin(s)) for s in np.linspace(0.6, math.pi + 1.4, 14)] + \
                 [(0.45 - 0.2 * math.cos(s), 0.64 - 0.18 * math.sin(s)) for s in np.linspace(1.7, math.pi + 2.6, 18)]
        spots = [(x + w * u, y + h * v) for u, v in stroke]
        self.browser.move(*spots[0])
        self.browser.mouse("mousePressed", *spots[0], "left", 1, clickCount=1)
        for i, spot in enumerate(spots[1:]):
            self.browser.mouse("mouseMoved", *spot, "left", 1)
            self.settle(50)
            if i % 2:
                seen()
        self.browser.mouse("mouseReleased", *spots[-1], "left", 0, clickCount=1)
        self.settle()

    # Pictures

    def keep(self, out, name, crop=None):
        self.settle()
        picture = Image.open(io.BytesIO(self.browser.picture())).convert("RGB")
        if crop:
            picture = picture.crop(crop)
        path = out / f"explore-{name}.png"
        picture.save(path, optimize=True)
        if path.stat().st_size > 140_000:
            picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
        print(f"{path}: {path.stat().st_size / 1000:.0f} KB")

    def pictures(self, out):
        size = (1120, 700)
        self.open(size)
        whole = self.camera()
        a, b = self.middle(3), self.middle(8)
        panel = self.browser.js("document.querySelector('#panel').getBoundingClientRect().x")
        self.set("picked", a)
        x, y = (float(v) for v in self.pack.map()[a])
        self.keep(out, "map")
        self.set("camera", {"x": x, "y": y, "scale": 12 * whole[2]})
        self.keep(out, "picked")
        self.set("camera", dict(zip(("x", "y", "scale"), whole)))
        self.browser.move(*self.screen(self.pack.map()[self.middle(0)]))
        self.keep(out, "cursor", (int(panel), 0, size[0], 270))
        self.browser.resize((1280, 760))
        self.set("tab", "line")
        self.set("line", [a, b])
        self.settle(1500)
        self.keep(out, "line")
        self.browser.resize(size)
        for tab in ("axes", "worst"):
            self.set("tab", tab)
            self.settle(1200)
            self.keep(out, tab, (int(panel), 240, size[0], size[1]))
        self.set("tab", "draw")
        self.settle()
        self.draw_three()
        self.keep(out, "draw")
        self.set("tab", "selection")
        self.browser.key("l")
        mid = self.screen(self.pack.map()[b])
        self.browser.drag([(mid[0] + 40 * math.cos(t), mid[1] + 34 * math.sin(t)) for t in np.linspace(0, 6.2, 40)])
        self.keep(out, "selection")
        self.browser.key("Escape")
        self.browser.key("Escape")
        self.set("colour", "error")
        self.set("search", "error>" + f"{np.nanpercentile(self.pack.error, 90):.3g}")
        self.keep(out, "search")
        self.open((1280, 720))
        self.browser.key("p")
        self.settle(8000)  # until the line that says how to leave has gone
        self.browser.move(*self.screen(self.pack.map()[a]))
        self.keep(out, "present")
        self.browser.media(prefers_color_scheme="dark")
        self.open(PHONE, touch=True)
        self.keep(out, "phone")
        self.browser.media()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("name")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--data_dir", default=os.environ.get("HOURGLASS_DATA_DIR"))
    parser.add_argument("--only", choices=("film", "pictures"))
    arguments = parser.parse_args()
    data = ["--data_dir", os.path.abspath(arguments.data_dir)] if arguments.data_dir else []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "page.html"
        pages.program("explore", arguments.name, "-o", path, *data, cwd=arguments.folder)
        browser = Browser()
        try:
            scenes = Scenes(browser, path)
            if arguments.only != "film":
                scenes.pictures(arguments.out.resolve())
            if arguments.only != "pictures":
                scenes.film(arguments.out.resolve())
        finally:
            browser.close()


main()
