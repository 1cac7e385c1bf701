"""The explorer's page in a browser: opens it in all deliveries, and asks what it shows.

`window.hourglass` is the page's App (web/src/view.ts): what is asked of it here is what no person sees as text.
"""
import atexit
import base64
import contextlib
import functools
import http.server
import json
import os
import re
import subprocess
import threading
import unittest

import numpy as np

import pages
from browser import DESKTOP, Browser
from pack import Pack

NO_WEBGL = """
for (const kind of [HTMLCanvasElement, self.OffscreenCanvas].filter(Boolean)) {
  const get = kind.prototype.getContext;
  kind.prototype.getContext = function (what, ...more) { return /webgl/.test(what) ? null : get.call(this, what, ...more); };
}"""
SMALL_TEXTURES = """
const get = WebGL2RenderingContext.prototype.getParameter;
WebGL2RenderingContext.prototype.getParameter = function (what) {
  return what === this.MAX_TEXTURE_SIZE ? Math.min(4096, get.call(this, what)) : get.call(this, what);
};
for (const name of ["texImage2D", "texStorage2D", "texStorage3D", "texImage3D"]) {
  const call = WebGL2RenderingContext.prototype[name];
  WebGL2RenderingContext.prototype[name] = function (...all) {
    const sizes = name === "texImage2D" && all.length >= 9 || name === "texImage3D" ? all.slice(3, 5)
      : name === "texImage2D" ? [] : all.slice(3, 5);
    if (sizes.some((size) => typeof size === "number" && size > 4096)) throw new Error(`a texture of ${sizes}`);
    return call.apply(this, all);
  };
}"""


@contextlib.contextmanager
def static_server(folder):
    """A plain HTTP server without any of explore's rules; its address."""
    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments, **more):
            super().__init__(*arguments, directory=str(folder), **more)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


class Explore:
    """`hourglass explore ... --no_browser`, until the context ends."""

    def __init__(self, *arguments, cwd, port=0):
        self.arguments = [os.environ["HOURGLASS_PROGRAM"], "explore", *map(str, arguments), "--no_browser"]
        if port:
            self.arguments += ["--port", str(port)]
        self.cwd = cwd
        self.lines = []

    def __enter__(self):
        self.process = subprocess.Popen(self.arguments, cwd=self.cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            self.lines.append(line)
            if found := re.search(r"http://(?:127\.0\.0\.1|localhost):\d+/\S+", line):
                self.address = found.group(0)
                # What it says later must not fill the pipe.
                threading.Thread(target=lambda: self.lines.extend(self.process.stdout), daemon=True).start()
                return self
        self.process.wait()
        raise AssertionError(f"explore gave no address: {''.join(self.lines)}")

    def stop(self):
        """Ctrl-C; the status."""
        if self.process.poll() is None:
            self.process.send_signal(2)
        return self.process.wait(timeout=20)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@functools.cache
def one_browser():
    """One browser for all tests of a process: they do not share pages."""
    browser = Browser()
    atexit.register(browser.close)
    require_webgl(browser)
    return browser


@functools.cache
def pack_of(path):
    return Pack.of(path)


class PageTest(unittest.TestCase):
    """Each test opens what it needs."""
    page = "strokes"

    @classmethod
    def setUpClass(cls):
        cls.pages = pages.made()
        cls.browser = one_browser()

    def setUp(self):
        self.browser.resize(DESKTOP)
        self.browser.media()

    def tearDown(self):
        """Whatever a test did: no request to another machine, no error in the console."""
        if getattr(self, "expects_errors", False):
            self.browser.errors()
        self.assertEqual(self.browser.elsewhere(), [], "requests to other machines")
        self.assertEqual(self.browser.errors(), [], "errors in the console")

    def path(self, name=None):
        return self.pages / f"{name or self.page}.html"

    def pack(self, name=None):
        return pack_of(self.path(name))

    def open(self, name=None, fragment="", before="", url=None):
        """Opens a page and waits until it answers."""
        address = url or self.path(name).as_uri()
        self.browser.open(address + fragment, before)
        state = self.browser.wait("""document.readyState === 'complete' && (document.body.classList.contains('ready') ? 'ready' :
          document.getElementById('loading-bar') ? '' : document.body.innerText)""", "the page is ready", 60)
        self.assertEqual(state, "ready")
        self.browser.frame(3)

    def fails_to_open(self, address, before=""):
        """Opens a page that cannot be shown and returns the sentence that it shows instead."""
        self.expects_errors = True
        self.browser.open(address, before)
        text = self.browser.wait(
            "document.querySelector('#loading:not([hidden]) #loading-bar, .ready') ? '' :"
            " document.getElementById('loading-text')?.innerText ?? ''", "the page says why it cannot be shown")
        return text

    # What is shown

    def get(self, key):
        """A value of the view, as JSON has it."""
        return self.browser.js(f"(v => v instanceof Set ? [...v] : ArrayBuffer.isView(v) ? Array.from(v) : v)"
                               f"(hourglass.view.get({json.dumps(key)}))")

    def set(self, key, value):
        self.browser.js(f"(hourglass.view.set({json.dumps(key)}, {json.dumps(value)}), 0)")
        self.browser.frame()

    def waits_for(self, expression, what=""):
        return self.browser.wait(expression, what)

    def text_of(self, selector):
        return self.browser.js(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''").strip()

    def waits_for_text(self, selector, pattern):
        return self.browser.wait(
            f"(document.querySelector({json.dumps(selector)})?.innerText ?? '').match(new RegExp({json.dumps(pattern)}, 'i'))"
            "?.map(String)", f"{selector} says {pattern}")

    def spot(self, element, what):
        """The middle of an element (an expression), where a person would click: it has to be in sight and on top."""
        spot = self.browser.js(f"""(() => {{
          const e = {element};
          if (!e) return "there is none";
          e.scrollIntoView({{ block: "nearest" }});
          const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;
          const top = document.elementFromPoint(x, y);
          return e === top || e.contains(top) ? [x, y] : `${{top?.outerHTML.slice(0, 200)}} is above it at ${{x}}, ${{y}}`;
        }})()""")
        self.assertIsInstance(spot, list, f"{what}: {spot}")
        return spot

    def press(self, selector):
        self.browser.click(*self.spot(f"document.querySelector({json.dumps(selector)})", selector))
        self.browser.frame()

    def press_button(self, host, name):
        """The button with this text or name inside a host."""
        element = f"""[...document.querySelectorAll({json.dumps(host + " button")})].find((b) =>
          b.textContent.trim() === {json.dumps(name)} || b.ariaLabel === {json.dumps(name)})"""
        self.browser.click(*self.spot(element, f"{name} in {host}"))
        self.browser.frame()

    def choose(self, host, name, option):
        """An option of the list whose label begins with a name."""
        done = self.browser.js(f"""(() => {{
          const label = [...document.querySelectorAll({json.dumps(host + " label")})].find((l) => l.innerText.trim().startsWith({json.dumps(name)}));
          const select = label?.querySelector("select"), at = [...select?.options ?? []].findIndex((o) => o.text === {json.dumps(option)});
          if (at < 0) return `${{label?.innerText}}: ${{[...select?.options ?? []].map((o) => o.text)}}`;
          select.selectedIndex = at;
          select.dispatchEvent(new Event("change", {{ bubbles: true }}));
          return "done";
        }})()""")
        self.assertEqual(done, "done", f"{option} of {name} in {host}")
        self.browser.frame()

    def tile_rows(self, selector):
        """The row numbers that tiles in sight are named by, in order."""
        labels = self.browser.js(f"[...document.querySelectorAll({json.dumps(selector)})].filter((b) => !b.hidden)"
                                 ".map((b) => b.ariaLabel)")
        return [int(re.search(r"row ([\d,]+)", label).group(1).replace(",", "")) for label in labels]

    def pixels(self, selector):
        """The RGBA pixels [h, w, 4] of a canvas."""
        size, values = self.browser.js(f"""(() => {{
          const c = document.querySelector({json.dumps(selector)});
          const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
          let s = ""; for (let i = 0; i < d.length; i += 8192) s += String.fromCharCode(...d.subarray(i, i + 8192));
          return [[c.height, c.width, 4], btoa(s)];
        }})()""")
        return np.frombuffer(base64.b64decode(values), np.uint8).reshape(size)

    # The map

    def box(self, selector="#map"):
        return self.browser.js(f"(r => [r.x, r.y, r.width, r.height])(document.querySelector({json.dumps(selector)})"
                               ".getBoundingClientRect())")

    def camera(self):
        camera = self.get("camera")
        return camera["x"], camera["y"], camera["scale"]

    def screen(self, position):
        """Where a position of the map is on the screen."""
        x, y, _, _ = self.box()
        left, top = self.browser.js(f"hourglass.map.toScreen({float(position[0])}, {float(position[1])})")
        return x + left, y + top

    def position(self, x, y):
        """The position of the map at a place of the screen."""
        left, top, _, _ = self.box()
        return self.browser.js(f"hourglass.map.toMap({x - left}, {y - top})")

    def look_at(self, point, scale):
        """Puts a point into the middle of the map, with so many pixels a unit."""
        x, y = (float(v) for v in self.pack().map()[point])
        self.set("camera", {"x": x, "y": y, "scale": scale})

    def lonely_point(self):
        """A point with much room around it on the map."""
        positions = self.pack().map().astype(np.float64)
        gaps = [np.partition(((positions - p) ** 2).sum(1), 1)[1] for p in positions]
        return int(np.argmax(gaps))


def require_webgl(browser):
    """Fails, and does not skip, where the tests could not see what a person sees."""
    browser.open("data:text/html,<canvas></canvas>")
    found = browser.js("""(() => {
      const g = document.querySelector("canvas").getContext("webgl2");
      return g && [g.getParameter(g.MAX_TEXTURE_SIZE), g.getParameter(g.VERSION)];
    })()""")
    if not found:
        raise AssertionError("this Chromium has no WebGL2, not even in software (--use-angle=swiftshader): the page cannot be "
                             "tested here. Debian's chromium has it; a sandbox may keep it from starting its GPU process")
    return found
